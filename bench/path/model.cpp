// SPDX-License-Identifier: Apache-2.0
#include <sstream>
#include <stdexcept>

#include "bench/path/figure.h"
#include "bench/path/path.h"
#include "cli/exec/machine.h"
#include "config/machine.h"

namespace turnpike::bench {

std::vector<PathFigure> path_on_model(const std::string& profile_name) {
    regs::MachineParams params;
    regs::CpuProfile profile;
    config::load_cpu_profile(TURNPIKE_MACHINES_DIR, profile_name, profile);
    const ElfImage image(PATH_ELF, params.dram.size_mib << 20);
    std::string output;
    exec::Machine machine(params, profile, image, [&](char c) { output.push_back(c); });
    if (machine.run(~std::uint64_t{0}) != exec::End::exited) throw std::runtime_error(machine.core().diagnosis());
    if (machine.exit_status() != 0) throw std::runtime_error(output);
    std::istringstream fields(output);
    std::vector<PathFigure> figures;
    std::uint64_t sent = 0;
    for (const unsigned packets : PATH_BATCHES) {
        std::uint64_t cycles = 0, forwarded = 0;
        PathFigure figure{packets};
        fields >> std::dec >> cycles >> forwarded >> std::hex >> figure.digest;
        sent += std::uint64_t{2} * PATH_RUNS * packets;
        if (forwarded != sent) throw std::runtime_error("lost packets: " + output);
        figure.cycles = static_cast<double>(cycles) / (PATH_RUNS * packets);
        figures.push_back(figure);
    }
    return figures;
}

}  // namespace turnpike::bench
