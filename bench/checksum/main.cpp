// SPDX-License-Identifier: Apache-2.0
// bench_checksum [PROFILE]: the firmware's checksum in software on the modelled core (zen5 unless another is named),
// beside a plain loop over words: cycles and bytes a cycle, for each length, at an even and an odd address. Ends with 1
// where the sums differ.
#include <fmt/core.h>

#include <exception>
#include <sstream>
#include <stdexcept>

#include "cli/exec/machine.h"
#include "config/machine.h"

namespace turnpike {
namespace {

std::string run_guest(const std::string& profile_name) {
    regs::MachineParams params;
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, profile_name, profile);
    const ElfImage image(CHECKSUM_ELF, params.dram.size_mib << 20);
    std::string output;
    exec::Machine machine(params, profile, image, [&](char c) { output.push_back(c); });
    if (machine.run(~std::uint64_t{0}) != exec::End::exited) throw std::runtime_error(machine.core().diagnosis());
    if (machine.exit_status() != 0) throw std::runtime_error("the sums differ");
    return output;
}

void print(std::istringstream fields) {
    fmt::print("{:>6} {:>8} {:>14} {:>14} {:>14} {:>14}\n", "bytes", "address", "words: cycles", "bytes/cycle",
               "chains: cycles", "bytes/cycle");
    double bytes = 0, start = 0, words = 0, chains = 0;
    while (fields >> bytes >> start >> words >> chains) {
        fmt::print("{:6} {:>8} {:14} {:14.2f} {:14} {:14.2f}\n", bytes, start == 0 ? "even" : "odd", words,
                   bytes / words, chains, bytes / chains);
    }
}

}  // namespace
}  // namespace turnpike

int main(int argc, char** argv) {
    try {
        turnpike::print(std::istringstream(turnpike::run_guest(argc > 1 ? argv[1] : "zen5")));
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_checksum: {}\n", error.what());
        return 1;
    }
}
