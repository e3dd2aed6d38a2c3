// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace turnpike::diff {
namespace {

constexpr std::size_t kBytesPerLine = 16;
/// Beyond this only lines with a difference are shown; all headers lie before it.
constexpr std::size_t kAlwaysShown = 128;

bool differs(Bytes frame, Bytes other, std::size_t at) { return at >= other.size() || frame[at] != other[at]; }

std::string_view headline(Difference::Kind kind) {
    switch (kind) {
        case Difference::Kind::changed:
            return "a frame differs";
        case Difference::Kind::missing:
            return "a frame is missing";
        case Difference::Kind::extra:
            return "a frame too many";
        case Difference::Kind::order:
            return "frames of one flow are out of order";
    }
    return "";
}

std::string one_side(std::string_view name, std::size_t index, Bytes frame, Bytes other) {
    return fmt::format("  {} frame {}: {}\n{}", name, index, describe(frame), hex_dump(frame, other));
}

}  // namespace

std::string hex_dump(Bytes frame, Bytes other) {
    std::string text;
    bool skipped = false;
    for (std::size_t line = 0; line < frame.size(); line += kBytesPerLine) {
        std::string hex;
        bool any = false;
        for (std::size_t at = line; at < std::min(line + kBytesPerLine, frame.size()); ++at) {
            const bool differing = differs(frame, other, at);
            any |= differing;
            hex += fmt::format("{}{:02x}", differing ? '*' : ' ', frame[at]);
        }
        if (line < kAlwaysShown || any) {
            text += fmt::format("    {:04x} {}\n", line, hex);
            skipped = false;
        } else if (!skipped) {
            text += "    ...\n";
            skipped = true;
        }
    }
    return text;
}

std::string explain(const PortResult& result, const std::vector<FrameBytes>& ours,
                    const std::vector<FrameBytes>& theirs, std::string_view reference_name) {
    if (!result.first) return {};
    const Difference& first = *result.first;
    std::string text = fmt::format("{}: {}", result.port, headline(first.kind));
    if (!first.fields.empty()) text += fmt::format(" in {}", fmt::join(first.fields, ", "));
    text += '\n';
    // A frame that has no partner is shown without marks: it is compared with itself.
    const Bytes mine = first.ours ? Bytes(ours[*first.ours]) : Bytes(theirs[*first.theirs]);
    const Bytes reference = first.theirs ? Bytes(theirs[*first.theirs]) : mine;
    if (first.theirs) text += one_side(reference_name, *first.theirs, reference, mine);
    if (first.ours) text += one_side("turnpike", *first.ours, mine, reference);
    return text;
}

std::string summary(const PortResult& result) {
    if (result.equal()) return fmt::format("{}: {} frames, equal", result.port, result.ours);
    return fmt::format("{}: {} frames, reference {}, {} alike: different", result.port, result.ours, result.theirs,
                       result.matched);
}

}  // namespace turnpike::diff
