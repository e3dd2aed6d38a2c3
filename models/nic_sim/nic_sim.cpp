// SPDX-License-Identifier: Apache-2.0
#include "models/nic_sim/nic_sim.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <systemc>

#include "models/link/wire.h"
#include "models/nic/nic.h"
#include "models/nic_sim/pcie.h"
#include "models/nic_sim/timeline.h"
#include "regs/fates.h"
#include "regs/nic_pci.h"

// SystemC's library has a main() that calls sc_main(). A program that drives a NicSim may have a main() of its own, but
// the library still wants that name; a program that has it takes this one's place.
__attribute__((weak)) int sc_main(int, char**) { return 2; }

namespace turnpike {
namespace {

constexpr std::uint32_t kNobodyAnswers = 0xFFFFFFFF;

/// Counts what becomes of frames; ids number them in the order of arrival.
struct DropCounter : FrameObserver {
    std::array<std::uint64_t, regs::kFateCount> drops{};

    void arrived(unsigned, FrameId, unsigned) override {}
    void dropped(FrameId, regs::Fate fate) override { ++drops[static_cast<unsigned>(fate)]; }
    void stored(FrameId, std::uint64_t, std::uint64_t) override {}
    void written_back(FrameId, std::uint64_t) override {}
    FrameId fetched(unsigned, std::uint64_t) override { return kNoFrame; }
    void tx_dropped(FrameId, regs::Fate fate) override { dropped(kNoFrame, fate); }
    void sent(unsigned, FrameId, unsigned, std::uint64_t) override {}
};

struct WireEnd : FrameSink {
    WireEnd(Timeline& to, DriverCalls& driver) : timeline(to), calls(driver) {}
    void receive(Frame frame) override { timeline.frame(calls, std::move(frame.bytes)); }
    Timeline& timeline;
    DriverCalls& calls;
};

void check(const char* key, std::uint64_t value, std::uint64_t least, std::uint64_t most) {
    if (value < least || value > most)
        throw std::invalid_argument(fmt::format("{} = {}, expected {} to {}", key, value, least, most));
}

const NicSimConfig& checked(const NicSimConfig& config) {
    check("rate_mbps", config.rate_mbps, 10, 100'000);
    check("pcie_generation", config.pcie_generation, 1, 4);
    check("pcie_lanes", config.pcie_lanes, 1, 16);
    check("max_payload", config.max_payload, 128, 4096);
    check("max_read_request", config.max_read_request, 128, 4096);
    check("outstanding_reads", config.outstanding_reads, 1, 256);
    check("posted_header_credits", config.posted_header_credits, 1, 2047);
    check("posted_data_credits", config.posted_data_credits, 1, 32767);
    check("non_posted_header_credits", config.non_posted_header_credits, 1, 2047);
    if (config.read_completion_boundary != 128)
        check("read_completion_boundary", config.read_completion_boundary, 64, 64);
    check("rx_fifo_kib", config.rx_fifo_kib, 1, 1023);
    check("tx_fifo_kib", config.tx_fifo_kib, 16, 1023);
    return config;
}

regs::params::nic nic_params(const NicSimConfig& config) {
    regs::params::nic params;
    params.rx_fifo_kib = config.rx_fifo_kib;
    params.tx_fifo_kib = config.tx_fifo_kib;
    params.link_up_us = config.link_up_us;
    return params;
}

regs::params::pcie pcie_params(const NicSimConfig& config) {
    regs::params::pcie params;
    params.outstanding_reads = config.outstanding_reads;
    return params;
}

std::string part(const NicSimConfig& config, const char* name) { return config.name + "_" + name; }

}  // namespace

struct NicSim::Parts {
    Parts(const NicSimConfig& config, HostMemory& memory)
        : host(checked(config), memory, counters),
          end(*timeline, calls),
          out(part(config, "out").c_str(), config.rate_mbps, config.propagation_ns * 1000, end),
          nic(config.name.c_str(), 0, nic_params(config), pcie_params(config), config.mac, config.rate_mbps, drops,
              &host),
          in(part(config, "in").c_str(), config.rate_mbps, config.propagation_ns * 1000, nic) {
        nic.on_line([this](bool level) { timeline->line(calls, level); });
        host.on_message([this](std::uint64_t address, std::uint32_t data) { timeline->message(calls, address, data); });
        nic.connect(out);
        host.connect(nic);
        nic.config().set_link(config.pcie_generation, config.pcie_lanes);
        nic.config().write(regs::nic_pci::COMMAND, regs::nic_pci::COMMAND_MEMORY.of(1));
    }
    ~Parts() { timeline->forget(calls); }
    /// A request of the host and its answer; `act` runs at the device in between.
    template <typename Act>
    std::uint32_t round_trip(std::uint64_t request_bytes, std::uint64_t answer_bytes, Act act) {
        timeline->run_to(host.request(request_bytes));
        const std::uint32_t value = act();
        timeline->run_to(host.answer(answer_bytes));
        return value;
    }

    std::shared_ptr<Timeline> timeline = Timeline::get();
    DriverCalls calls;
    NicSimCounters counters;
    DropCounter drops;
    PcieHost host;
    WireEnd end;
    Wire out;
    Nic nic;
    Wire in;
    FrameId frames = 0;
};

NicSim::NicSim(const NicSimConfig& config, HostMemory& memory) : parts_(std::make_unique<Parts>(config, memory)) {}
NicSim::~NicSim() = default;

std::uint32_t NicSim::mmio_read32(unsigned bar, std::uint64_t offset) {
    ++parts_->counters.register_reads;
    return parts_->round_trip(0, sizeof(std::uint32_t), [&] {
        return parts_->nic.config().memory_enabled() ? parts_->nic.bar_read(bar, offset) : kNobodyAnswers;
    });
}

void NicSim::mmio_write32(unsigned bar, std::uint64_t offset, std::uint32_t value) {
    ++parts_->counters.register_writes;
    parts_->host.post(bar, offset, value);
}

std::uint32_t NicSim::cfg_read32(std::uint64_t offset) {
    return parts_->round_trip(0, sizeof(std::uint32_t), [&] { return parts_->nic.config().read(offset); });
}

void NicSim::cfg_write32(std::uint64_t offset, std::uint32_t value) {
    parts_->round_trip(sizeof value, 0, [&] {
        parts_->nic.config().write(offset, value);
        return 0U;
    });
}

std::uint64_t NicSim::now_ps() const { return parts_->timeline->now(); }
void NicSim::run_for(std::uint64_t ps) { parts_->timeline->run_to(now_ps() + ps); }

bool NicSim::run_until(const std::function<bool()>& predicate, std::uint64_t max_ps) {
    Timeline& timeline = *parts_->timeline;
    const std::uint64_t until = timeline.now() + max_ps;
    timeline.run_to(timeline.now());
    while (!predicate()) {
        if (timeline.now() >= until) return false;
        timeline.run_to(std::min(timeline.next_ps(), until));
    }
    return true;
}

void NicSim::on_intx(std::function<void(bool)> handler) { parts_->calls.intx = std::move(handler); }
void NicSim::on_msi(std::function<void(std::uint64_t, std::uint32_t)> handler) {
    parts_->calls.msi = std::move(handler);
}
void NicSim::on_wire_tx(std::function<void(std::span<const std::uint8_t>, std::uint64_t)> handler) {
    parts_->calls.wire_tx = std::move(handler);
}

void NicSim::wire_rx(std::span<const std::uint8_t> frame, std::uint64_t at_ps, bool bad_fcs) {
    parts_->in.transmit({{frame.begin(), frame.end()}, parts_->frames++, bad_fcs}, at_ps);
}

NicSimCounters NicSim::counters() const {
    NicSimCounters counters = parts_->counters;
    counters.statistics = parts_->nic.statistics();
    for (unsigned n = 0; n < parts_->drops.drops.size(); ++n)
        if (parts_->drops.drops[n] != 0) counters.drops.emplace_back(regs::kFates[n].name, parts_->drops.drops[n]);
    return counters;
}

}  // namespace turnpike
