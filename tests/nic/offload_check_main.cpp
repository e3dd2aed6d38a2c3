// SPDX-License-Identifier: Apache-2.0
// nic_offload_check verdicts|segments [COUNT] [SEED]: the random checks of the NIC's tests, for as long as one likes.
#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <systemc>

#include "tests/nic/offload_check.h"

namespace {

constexpr std::uint64_t kCount = 1'000'000, kSeed = 82599;

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

int sc_main(int argc, char* argv[]) {
    const std::string_view what = argc > 1 ? argv[1] : "";
    const auto count = argc > 2 ? number(argv[2]) : kCount;
    const auto seed = argc > 3 ? number(argv[3]) : kSeed;
    if ((what != "verdicts" && what != "segments") || !count || !seed || argc > 4) {
        fmt::print(stderr, "usage: nic_offload_check verdicts|segments [COUNT] [SEED]\n");
        return 2;
    }
    const std::string fault =
        what == "verdicts" ? turnpike::check_verdicts(*count, *seed) : turnpike::check_segmentation(*count, *seed);
    if (!fault.empty()) {
        fmt::print(stderr, "seed {}: {}\n", *seed, fault);
        return 1;
    }
    fmt::print("{} {} with seed {}: the NIC and software agree\n", *count, what == "verdicts" ? "frames" : "packets",
               *seed);
    return 0;
}
