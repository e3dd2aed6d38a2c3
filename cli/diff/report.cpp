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
        case Difference::Kind::group:
            return "frames are spread over the ports in a way that does not hold";
    }
    return "";
}

std::string one_side(std::string_view name, std::size_t index, Bytes frame, Bytes other) {
    return fmt::format("  {} frame {}: {}\n{}", name, index, describe(frame), hex_dump(frame, other));
}

Bytes frame_at(const Output& output, const Place& place) { return output[place.port][place.index]; }

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

std::string explain(const PortResult& result, const Output& ours, const Output& theirs,
                    std::string_view reference_name) {
    if (!result.first) return {};
    const Difference& first = *result.first;
    std::string text = fmt::format("{}: {}", result.port, headline(first.kind));
    if (!first.fields.empty()) text += fmt::format(" in {}", fmt::join(first.fields, ", "));
    if (!first.fault.empty()) text += ": " + first.fault;
    text += '\n';
    // A frame that has no partner is shown without marks: it is compared with itself.
    const Bytes mine = first.ours     ? frame_at(ours, *first.ours)
                       : first.theirs ? frame_at(theirs, *first.theirs)
                                      : Bytes();
    const Bytes reference = first.theirs ? frame_at(theirs, *first.theirs) : mine;
    if (first.theirs) text += one_side(reference_name, first.theirs->index, reference, mine);
    if (first.ours) text += one_side("turnpike", first.ours->index, mine, reference);
    return text;
}

std::string summary(const PortResult& result) {
    const std::string remark =
        result.quotes == 0 ? "" : fmt::format(" ({} ICMP quotes of another length)", result.quotes);
    if (result.equal()) return fmt::format("{}: {} frames, equal{}", result.port, result.ours, remark);
    return fmt::format("{}: {} frames, reference {}, {} alike: different{}", result.port, result.ours, result.theirs,
                       result.matched, remark);
}

}  // namespace turnpike::diff
