// SPDX-License-Identifier: Apache-2.0
#include "tests/exec/run_program.h"

#include <array>
#include <cstdio>
#include <memory>

#include "cli/exec/report.h"
#include "cli/exec/symbols.h"
#include "config/machine.h"

namespace turnpike::exec {

Ran run(const fs::path& elf, const How& how) {
    regs::MachineParams params;
    params.dram.size_mib = how.memory_mib;
    regs::CpuProfile profile;
    config::load_cpu_profile(EXEC_MACHINES, how.cpu, profile);
    const ElfImage image(elf, how.memory_mib << 20);
    Ran out;
    Machine machine(params, profile, image, [&](char c) { out.output += c; });
    machine.core().set_functional(how.functional);
    if (how.spoil) how.spoil(machine.memory());
    out.end = machine.run(how.allowed);
    out.status = machine.exit_status();
    out.stats = machine.core().stats();
    if (out.end != End::exited) out.diagnosis = make_diagnosis(machine, out.end, Symbols(image));
    return out;
}

std::string native_output(const fs::path& program) {
    std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(program.c_str(), "r"), pclose);
    std::string out;
    std::array<char, 4096> part;
    while (const std::size_t bytes = std::fread(part.data(), 1, part.size(), pipe.get()))
        out.append(part.data(), bytes);
    return out;
}

}  // namespace turnpike::exec
