// SPDX-License-Identifier: Apache-2.0
// A core that is alone runs ahead of simulated time also across its accesses to devices. Nothing may show that: neither
// when anything reaches a device, nor what another master finds in memory at any time, nor what the core counts.
#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "config/machine.h"
#include "models/fabric/dram.h"
#include "models/fabric/fabric.h"
#include "models/irq/apic_bus.h"
#include "models/soc/core_thread.h"
#include "regs/address_map.h"
#include "tests/soc/child.h"
#include "tests/soc/smp_machine.h"

extern "C" const std::uint8_t ahead_guest[], ahead_guest_end[];

namespace turnpike::test {
namespace {

constexpr std::uint64_t kProgram = 0x10000, kStack = 0x30000;
constexpr std::uint64_t kProgress = 0x40000, kSum = 0x40008, kTicks = 0x40010, kDone = 0x40018;
constexpr std::uint64_t kFast = 0x80000000, kSlow = 0x80010000, kWindow = 0x10000;
constexpr std::uint64_t kMostPs = 2'000'000'000;

struct Setup {
    SmpTiming timing = SmpTiming::simple;
    std::uint64_t mhz = 3000;
    std::uint64_t quantum_ps = 1'000'000;
    std::uint64_t posted_bytes = Fabric::kPostedBytes;
    bool ahead = true;
    std::uint64_t stop_every_ps = kMostPs;  ///< the world outside looks that often, and counts a tick
};

/// Plain data: it goes through a pipe.
struct Outcome {
    std::uint64_t done = 0, sum = 0, cycles = 0, stalls = 0;
    std::size_t count = 0;
    std::array<std::uint64_t, 131072> seen{};  ///< times, and what was seen then
    std::uint64_t deltas = 0;                  ///< what it cost the kernel
};

/// Answers reads with the time, in ns.
class Device : public sc_core::sc_module {
  public:
    Device(const sc_core::sc_module_name& name, Outcome& outcome, std::uint64_t busy_ps)
        : sc_module(name), socket("socket"), outcome_(outcome), busy_ps_(busy_ps) {
        socket.register_b_transport(this, &Device::b_transport);
    }
    tlm_utils::simple_target_socket<Device> socket;

  private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
        if (busy_ps_ != 0) sc_core::wait(from_ps(busy_ps_));
        std::uint64_t value = now_ps() / 1000;
        if (payload.is_read())
            std::memcpy(payload.get_data_ptr(), &value, payload.get_data_length());
        else
            std::memcpy(&value, payload.get_data_ptr(), payload.get_data_length());
        outcome_.seen.at(outcome_.count++) = now_ps();
        outcome_.seen.at(outcome_.count++) = payload.get_address() << 32 | (value & 0xFFFFFFFF);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
    }
    Outcome& outcome_;
    std::uint64_t busy_ps_;
};

class Machine {
  public:
    explicit Machine(const Setup& setup)
        : setup_(setup),
          dram_("dram", {.size_mib = 1}),
          fabric_("fabric", setup.posted_bytes),
          apics_("apics", 0),
          apic_("apic", 0, 100),
          group_(setup.quantum_ps),
          fast_("fast", outcome_, 0),
          slow_("slow", outcome_, 20'000) {
        apics_.connect(apic_);
        regs::CpuProfile profile;
        if (setup.timing == SmpTiming::zen5) config::load_cpu_profile(TURNPIKE_MACHINES_DIR, "zen5", profile);
        regs::params::cpu parameters;
        parameters.freq_mhz = setup.mhz;
        core_ = std::make_unique<CoreThread>("core", parameters, profile, 210, cpu::Memory{dram_.data(), dram_.size()},
                                             apic_, group_);
        core_->local.bind(apic_.socket);
        core_->bus.bind(fabric_.add_initiator("core", Path{from_ps(20'000), 512'000}, Ordering::each_target));
        const Path near{from_ps(5'000), 512'000};
        fabric_.add_target("msi", regs::map::MSI_BASE, regs::map::MSI_BYTES, near, Service::immediate).bind(apics_.msi);
        fabric_.add_target("dram", 0, dram_.size(), near, Service::immediate).bind(dram_.socket);
        fabric_.add_target("fast", kFast, kWindow, near, Service::immediate).bind(fast_.socket);
        fabric_.add_target("slow", kSlow, kWindow, near).bind(slow_.socket);
        if (setup.timing != SmpTiming::functional) core_->begin_timed(0);
        if (!setup.ahead) group_.stop_at(0);
        std::memcpy(dram_.data() + kProgram, ahead_guest, static_cast<std::size_t>(ahead_guest_end - ahead_guest));
        core_->start(kProgram, kStack);
        sc_core::sc_spawn([this] { tick(); });
    }

    Outcome run() {
        while (now_ps() < kMostPs && word(kDone) == 0) {
            if (setup_.ahead) group_.stop_at(now_ps() + setup_.stop_every_ps);
            sc_core::sc_start(from_ps(setup_.stop_every_ps));
            look();
        }
        outcome_.done = word(kDone);
        outcome_.sum = word(kSum);
        outcome_.cycles = core_->core().stats().busy_cycles;
        outcome_.stalls = core_->core().stats().bus_stall_cycles;
        outcome_.deltas = sc_core::sc_delta_count();
        return outcome_;
    }

  private:
    std::uint32_t word(std::uint64_t address) {
        std::uint32_t value;
        std::memcpy(&value, dram_.data() + address, sizeof value);
        return value;
    }
    /// Notes what the core has left in memory, and leaves something for it.
    void look() {
        outcome_.seen.at(outcome_.count++) = now_ps();
        outcome_.seen.at(outcome_.count++) = std::uint64_t{word(kProgress)} << 32 | word(kSum);
        const std::uint32_t ticks = word(kTicks) + 1;
        std::memcpy(dram_.data() + kTicks, &ticks, sizeof ticks);
        core_->core().memory_written(kTicks, sizeof ticks);
    }
    /// Another master, at whole nanoseconds in no order that the core's accesses have.
    void tick() {
        std::uint32_t random = 7;
        while (word(kDone) == 0) {
            random = random * 1664525 + 1013904223;
            sc_core::wait(from_ps(1000 * (1 + (random >> 24))));
            look();
        }
    }

    Setup setup_;
    Outcome outcome_;
    Dram dram_;
    Fabric fabric_;
    ApicBus apics_;
    LocalApic apic_;
    CoreGroup group_;
    Device fast_, slow_;
    std::unique_ptr<CoreThread> core_;
};

Outcome run(const Setup& setup) {
    return in_child([&setup] { return std::make_unique<Machine>(setup)->run(); });
}

void expect_the_same(Setup setup) {
    const auto ahead = std::make_unique<Outcome>(run(setup));
    setup.ahead = false;
    const auto met = std::make_unique<Outcome>(run(setup));
    ASSERT_EQ(met->done, 1u);
    EXPECT_EQ(ahead->done, 1u);
    ASSERT_EQ(ahead->count, met->count);
    for (std::size_t n = 0; n < met->count; ++n) ASSERT_EQ(ahead->seen[n], met->seen[n]) << n;
    EXPECT_EQ(ahead->sum, met->sum);
    EXPECT_EQ(ahead->cycles, met->cycles);
    EXPECT_EQ(ahead->stalls, met->stalls);
    EXPECT_LT(ahead->deltas, met->deltas);
}

TEST(RunningAhead, ShowsNowhereWithTheTimingOfClasses) { expect_the_same({}); }
TEST(RunningAhead, ShowsNowhereWithTheScheduledTiming) { expect_the_same({.timing = SmpTiming::zen5}); }

// A cycle of 1 ns, as the other master's grid: many accesses lie at exactly the time of an event.
TEST(RunningAhead, ShowsNowhereWhereAccessesAndEventsAreAtEqualTimes) {
    expect_the_same({.timing = SmpTiming::functional, .mhz = 1000});
    expect_the_same({.mhz = 1000});
}

TEST(RunningAhead, ShowsNowhereWhereWritesWaitForRoom) {
    expect_the_same({.posted_bytes = 8});
    expect_the_same({.timing = SmpTiming::functional, .posted_bytes = 4});
}

TEST(RunningAhead, ShowsNowhereWithQuantaOfAnyLength) {
    for (const std::uint64_t quantum_ps : {1u, 777u, 10'000u, 50'000'000u}) expect_the_same({.quantum_ps = quantum_ps});
}

TEST(RunningAhead, ShowsNotToTheWorldOutsideBetweenTwoStretchesOfTheRun) {
    for (const std::uint64_t every_ps : {3'333u, 20'000u, 1'000'000u})
        expect_the_same({.timing = SmpTiming::zen5, .stop_every_ps = every_ps});
}

}  // namespace
}  // namespace turnpike::test
