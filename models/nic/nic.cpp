// SPDX-License-Identifier: Apache-2.0
#include "models/nic/nic.h"

#include <algorithm>

#include "models/core/clock.h"
#include "regs/nic.h"

namespace turnpike {
namespace {

namespace r = regs::nic;

/// LINKS.LINK_SPEED, 8.2.3.22.20: 100 Mbit/s, 1 Gbit/s, 10 Gbit/s. Faster links read as the fastest.
std::uint64_t link_speed(std::uint64_t rate_mbps) { return rate_mbps < 1000 ? 1 : rate_mbps < 10'000 ? 2 : 3; }

/// RXPBSIZE0.SIZE holds whole KiB up to this.
constexpr std::uint64_t kMaxPacketBufferBytes = 0xFFC00;

}  // namespace

Nic::Nic(const sc_core::sc_module_name& name, unsigned port, const regs::params::nic& params,
         const regs::params::pcie& pcie, std::array<std::uint8_t, 6> mac, std::uint64_t rate_mbps,
         FrameObserver& observer)
    : sc_module(name),
      bar0("bar0"),
      dma("dma"),
      intx("intx"),
      params_(params),
      pcie_(pcie),
      mac_(mac),
      rate_mbps_(rate_mbps),
      registers_(this->name(), r::kRegisterBytes, r::kRegisters),
      statistics_(registers_),
      dma_(dma),
      interrupts_("interrupts", registers_, statistics_, rate_mbps, intx),
      receiver_("rx", {port, params_, pcie_, registers_, observer, statistics_, interrupts_, dma_}),
      transmitter_("tx", {port, params_, pcie_, registers_, observer, statistics_, interrupts_, dma_}) {
    bar0.register_b_transport(this, &Nic::b_transport);
    bar0.register_transport_dbg(this, &Nic::transport_dbg);
    attach();
    preset();
}

void Nic::attach() {
    registers_.on_write(r::CTRL, [this](std::uint64_t, std::uint64_t) { control_written(); });
    registers_.on_read(r::STATUS, [this](std::uint64_t stored) {
        return r::STATUS_PCIE_MASTER_ENABLE.set(stored, dma_.master_enabled());
    });
    registers_.on_write(r::AUTOC, [this](std::uint64_t, std::uint64_t written) {
        if (!r::AUTOC_RESTART_AN.test(written)) return;
        registers_.set(r::AUTOC, registers_.get(r::AUTOC) & ~r::AUTOC_RESTART_AN.mask());
        // Both ends of a modelled wire agree at once, so the link comes back in no time.
        statistics_.count(nic::Counter::link_changes);
        interrupts_.raise(r::EICR_LSC.mask(), now_ps());
    });
}

void Nic::control_written() {
    const std::uint64_t control = registers_.get(r::CTRL);
    if (r::CTRL_RST.test(control) || r::CTRL_LRST.test(control)) return reset();
    dma_.set_enabled(!r::CTRL_PCIE_MASTER_DISABLE.test(control));
}

/// 4.2.1.6: every register goes back to its reset value, CTRL.RST too; what was under way is lost.
void Nic::reset() {
    registers_.reset();
    preset();
    dma_.set_enabled(true);
    interrupts_.reset();
    receiver_.reset();
    transmitter_.reset();
}

/// What the device loads at reset beyond the list's values.
void Nic::preset() {
    std::uint64_t low = 0;
    for (unsigned i = 0; i < 4; ++i) low |= std::uint64_t{mac_[i]} << (i * 8);
    registers_.set(r::RAL(0), low);
    registers_.set(r::RAH(0), mac_[4] | std::uint64_t{mac_[5]} << 8 | r::RAH_AV.mask());
    receiver_.addresses_changed();
    registers_.set(r::RXPBSIZE0, std::min(params_.rx_fifo_kib * 1024, kMaxPacketBufferBytes));
    registers_.set(r::LINKS, r::LINKS_LINK_SPEED.set(registers_.get(r::LINKS), link_speed(rate_mbps_)));
}

// Takes effect at the call: a delay that the caller brings is the interconnect's share of the answer's time.
void Nic::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) { registers_.transport(payload); }

unsigned Nic::transport_dbg(tlm::tlm_generic_payload& payload) {
    interrupts_.refresh();
    return registers_.transport_dbg(payload);
}

}  // namespace turnpike
