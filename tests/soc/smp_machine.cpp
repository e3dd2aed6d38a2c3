// SPDX-License-Identifier: Apache-2.0
#include "tests/soc/smp_machine.h"

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "config/machine.h"
#include "models/cpu/shared_memory.h"
#include "models/fabric/dram.h"
#include "models/fabric/fabric.h"
#include "models/irq/apic_bus.h"
#include "models/soc/core_thread.h"
#include "regs/address_map.h"
#include "tests/soc/child.h"
#include "tests/soc/smp_guests.h"

namespace turnpike::test {
namespace {

constexpr std::uint64_t kProgram = 0x10000, kHandler = 0x20000, kIdt = 0x31000, kIdtPointer = 0x30000;
constexpr std::uint64_t kResult = 0x40000, kDone = 0x40F00, kLine = 64;
constexpr std::uint64_t kIpiPs = 100'000, kStepPs = 1'000'000, kMostPs = 20'000'000'000;
constexpr std::uint64_t kNmiHandler = 0x21000;
constexpr unsigned kVector = 0x40, kNmi = 2;

regs::CpuProfile profile_of(SmpTiming timing) {
    regs::CpuProfile profile;
    if (timing == SmpTiming::zen5) config::load_cpu_profile(TURNPIKE_MACHINES_DIR, "zen5", profile);
    return profile;
}

class SmpMachine {
  public:
    explicit SmpMachine(const SmpSetup& setup) : dram_("dram", memory()), fabric_("fabric"), apics_("apics", kIpiPs) {
        fabric_.add_target("dram", 0, dram_.size(), Path{sc_core::SC_ZERO_TIME, 1'000'000}).bind(dram_.socket);
        fabric_
            .add_target("msi", regs::map::MSI_BASE, regs::map::MSI_BYTES, Path{sc_core::SC_ZERO_TIME, 1'000'000},
                        Service::immediate)
            .bind(apics_.msi);
        group_ = std::make_unique<CoreGroup>(setup.window_ns * 1000);
        shared_ = std::make_unique<cpu::SharedMemory>(dram_.size());
        for (unsigned n = 0; n < setup.cores; ++n) add_core(n, setup.timing);
        load(setup.program);
    }

    SmpOutcome run() {
        cores_[0]->start(kProgram, kIdtPointer);
        while (now_ps() < kMostPs && word(kDone) < cores_.size() && sc_core::sc_get_status() != sc_core::SC_STOPPED)
            sc_core::sc_start(from_ps(kStepPs));
        SmpOutcome outcome;
        outcome.finished = word(kDone);
        outcome.end_ps = now_ps();
        for (unsigned n = 0; n < kMostCores; ++n) outcome.result[n] = word(kResult + n * kLine);
        for (unsigned n = 0; n < cores_.size(); ++n) {
            const cpu::Stats& stats = cores_[n]->core().stats();
            outcome.cycles[n] = stats.busy_cycles;
            outcome.instructions[n] = stats.instructions;
            outcome.interrupts[n] = stats.interrupts;
            outcome.transfers[n] = shared_->transfers(n);
            outcome.upgrades[n] = shared_->upgrades(n);
        }
        return outcome;
    }

  private:
    static regs::params::dram memory() {
        regs::params::dram parameters;
        parameters.size_mib = 1;
        return parameters;
    }
    void add_core(unsigned n, SmpTiming timing) {
        local_.push_back(std::make_unique<LocalApic>(("apic" + std::to_string(n)).c_str(), n, 100));
        apics_.connect(*local_.back());
        const std::string name = "core" + std::to_string(n);
        cores_.push_back(std::make_unique<CoreThread>(name.c_str(), regs::params::cpu{}, profile_of(timing), 210,
                                                      cpu::Memory{dram_.data(), dram_.size()}, *local_.back(), *group_,
                                                      shared_.get()));
        CoreThread& core = *cores_.back();
        core.local.bind(local_.back()->socket);
        core.bus.bind(fabric_.add_initiator(name, Path{from_ps(20'000), 512'000}, Ordering::each_target));
        if (timing != SmpTiming::functional) core.begin_timed(0);
    }
    void load(std::span<const std::uint8_t> program) {
        std::memcpy(dram_.data() + kProgram, program.data(), program.size());
        const auto handler = handler_guest();
        std::memcpy(dram_.data() + kHandler, handler.data(), handler.size());
        const auto nmi_handler = nmi_handler_guest();
        std::memcpy(dram_.data() + kNmiHandler, nmi_handler.data(), nmi_handler.size());
        add_gate(kVector, kHandler);
        add_gate(kNmi, kNmiHandler);
        const std::uint16_t limit = 0xFFF;
        std::memcpy(dram_.data() + kIdtPointer, &limit, sizeof limit);
        std::memcpy(dram_.data() + kIdtPointer + 2, &kIdt, sizeof kIdt);
    }
    /// An interrupt gate, SDM volume 3, figure 6-8.
    void add_gate(unsigned vector, std::uint64_t handler) {
        const std::uint64_t gate = (handler & 0xFFFF) | 8ULL << 16 | 0x8EULL << 40 | (handler >> 16) << 48;
        std::memcpy(dram_.data() + kIdt + 16 * vector, &gate, sizeof gate);
    }
    std::uint64_t word(std::uint64_t address) const {
        std::uint64_t value;
        std::memcpy(&value, const_cast<Dram&>(dram_).data() + address, sizeof value);
        return value;
    }

    Dram dram_;
    Fabric fabric_;
    ApicBus apics_;
    std::unique_ptr<CoreGroup> group_;
    std::unique_ptr<cpu::SharedMemory> shared_;
    std::vector<std::unique_ptr<LocalApic>> local_;
    std::vector<std::unique_ptr<CoreThread>> cores_;
};

}  // namespace

SmpOutcome run_smp(const SmpSetup& setup) {
    return in_child([&setup] { return SmpMachine(setup).run(); });
}

}  // namespace turnpike::test
