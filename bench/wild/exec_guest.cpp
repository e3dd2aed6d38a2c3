// SPDX-License-Identifier: Apache-2.0
#include "bench/wild/exec_guest.h"

#include <random>

#include "cli/exec/report.h"

namespace turnpike::wild {
namespace {

constexpr std::uint64_t kMemoryMib = 64;
constexpr std::uint64_t kAllowed = 2'000'000;  ///< instructions

}  // namespace

ExecResult run_spoiled_program(const std::filesystem::path& program, const regs::CpuProfile& profile,
                               std::uint64_t seed) {
    std::mt19937_64 random(seed);
    regs::MachineParams params;
    params.dram.size_mib = kMemoryMib;
    const ElfImage image(program, kMemoryMib << 20);
    exec::Machine machine(params, profile, image, [](char) {});
    machine.core().set_functional(random() % 2 == 0);
    // From a byte here and there to a flood.
    const std::uint64_t spoiled = std::uint64_t{1} << (random() % 12);
    for (std::uint64_t n = 0; n < spoiled; ++n) {
        const ElfSegment& segment = image.segments()[random() % image.segments().size()];
        if (segment.bytes.empty()) continue;
        machine.memory().data[segment.address + random() % segment.bytes.size()] ^=
            static_cast<std::uint8_t>(1 + random() % 255);
    }
    ExecResult result;
    result.end = machine.run(kAllowed);
    result.instructions = machine.core().stats().instructions;
    if (result.end != exec::End::exited) {
        const std::string text = exec::make_diagnosis(machine, result.end, exec::Symbols(image));
        if (text.find("backtrace") == std::string::npos) result.complaint = "no backtrace in: " + text;
        const bool registers = text.find("rax") != std::string::npos;
        if (result.end == exec::End::shut_down && !registers) result.complaint = "no registers in: " + text;
    }
    if (result.instructions > kAllowed + 100'000) result.complaint = "ran far beyond its allowance";
    return result;
}

}  // namespace turnpike::wild
