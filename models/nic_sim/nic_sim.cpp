// SPDX-License-Identifier: Apache-2.0
#include "models/nic_sim/nic_sim.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <systemc>

#include "models/core/clock.h"
#include "models/link/wire.h"
#include "models/nic/nic.h"
#include "models/nic_sim/pcie.h"
#include "regs/fates.h"
#include "regs/nic_pci.h"

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
    std::function<void(std::span<const std::uint8_t>, std::uint64_t)> handler;
    void receive(Frame frame) override {
        if (handler) handler(frame.bytes, turnpike::now_ps());
    }
};

/// Tells the level of the interrupt line.
class LineWatch : public sc_core::sc_module {
  public:
    LineWatch(const sc_core::sc_module_name& name, const sc_core::sc_signal<bool>& line)
        : sc_module(name), line_(line) {
        SC_HAS_PROCESS(LineWatch);
        SC_METHOD(changed);
        sensitive << line_.value_changed_event();
        dont_initialize();
    }
    std::function<void(bool)> handler;

  private:
    void changed() {
        if (handler) handler(line_.read());
    }
    const sc_core::sc_signal<bool>& line_;
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
    check("outstanding_reads", config.outstanding_reads, 1, 64);
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

/// Lets time pass, which callbacks must not do. (SystemC says that it is running between two calls, too.)
void start(const sc_core::sc_time& time) {
    static bool running = false;
    if (running) throw std::logic_error("a callback of NicSim must not let time pass");
    struct Mark {
        Mark() { running = true; }
        ~Mark() { running = false; }
    } const mark;
    sc_core::sc_start(time);
}

}  // namespace

struct NicSim::Parts {
    Parts(const NicSimConfig& config, HostMemory& memory)
        : host(part(config, "host").c_str(), checked(config), memory, counters),
          out(part(config, "out").c_str(), config.rate_mbps, config.propagation_ns * 1000, end),
          nic(config.name.c_str(), 0, nic_params(config), pcie_params(config), config.mac, config.rate_mbps, drops),
          in(part(config, "in").c_str(), config.rate_mbps, config.propagation_ns * 1000, nic),
          line(part(config, "line").c_str()),
          watch(part(config, "watch").c_str(), line) {
        nic.dma.bind(host.dma);
        nic.intx.bind(line);
        host.bar.bind(nic.bar0);
        nic.connect(out);
        host.connect(nic);
        nic.config().set_link(config.pcie_generation, config.pcie_lanes);
        nic.config().write(regs::nic_pci::COMMAND, regs::nic_pci::COMMAND_MEMORY.of(1));
    }
    void run_to(std::uint64_t ps) {
        if (ps > turnpike::now_ps()) start(from_ps(ps - turnpike::now_ps()));
    }
    /// A request of the host and its answer; `act` runs at the device in between.
    template <typename Act>
    std::uint32_t round_trip(std::uint64_t request_bytes, std::uint64_t answer_bytes, Act act) {
        run_to(host.request(request_bytes));
        const std::uint32_t value = act();
        run_to(host.answer(answer_bytes));
        return value;
    }

    NicSimCounters counters;
    DropCounter drops;
    WireEnd end;
    PcieHost host;
    Wire out;
    Nic nic;
    Wire in;
    sc_core::sc_signal<bool> line;
    LineWatch watch;
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

std::uint64_t NicSim::now_ps() const { return turnpike::now_ps(); }
void NicSim::run_for(std::uint64_t ps) { start(from_ps(ps)); }

bool NicSim::run_until(const std::function<bool()>& predicate, std::uint64_t max_ps) {
    const std::uint64_t until = turnpike::now_ps() + max_ps;
    start(sc_core::SC_ZERO_TIME);
    while (!predicate()) {
        if (turnpike::now_ps() >= until) return false;
        const std::uint64_t next = to_ps(sc_core::sc_time_to_pending_activity());
        start(from_ps(std::min(next, until - turnpike::now_ps())));
    }
    return true;
}

void NicSim::on_intx(std::function<void(bool)> handler) { parts_->watch.handler = std::move(handler); }
void NicSim::on_msi(std::function<void(std::uint64_t, std::uint32_t)> handler) {
    parts_->host.on_message(std::move(handler));
}
void NicSim::on_wire_tx(std::function<void(std::span<const std::uint8_t>, std::uint64_t)> handler) {
    parts_->end.handler = std::move(handler);
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
