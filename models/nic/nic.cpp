// SPDX-License-Identifier: Apache-2.0
#include "models/nic/nic.h"

#include <algorithm>

#include "models/core/clock.h"
#include "models/nic/aliases.h"
#include "regs/nic.h"

namespace turnpike {
namespace {

namespace r = regs::nic;

/// BAR2, 4.3: the two registers of I/O space.
constexpr std::uint64_t kIoAddress = 0, kIoData = 4;
constexpr std::uint32_t kNobodyAnswers = 0xFFFFFFFF;

/// RXPBSIZE.SIZE holds whole KiB up to this.
constexpr std::uint64_t kMaxPacketBufferBytes = 0xFFC00;

/// Reads of data, and those of descriptors in both directions, that the device has under way at most.
unsigned bus_reads(const regs::params::pcie& pcie) {
    return static_cast<unsigned>(pcie.outstanding_reads) + 2 * nic::DescriptorFetcher::kFetches;
}

}  // namespace

Nic::Nic(const sc_core::sc_module_name& name, unsigned port, const regs::params::nic& params,
         const regs::params::pcie& pcie, std::array<std::uint8_t, 6> mac, std::uint64_t rate_mbps,
         FrameObserver& observer, nic::Bus* bus)
    : sc_module(name),
      bar0("bar0"),
      dma("dma"),
      intx("intx"),
      params_(params),
      pcie_(pcie),
      mac_(mac),
      registers_(this->name(), r::kRegisterBytes, r::kRegisters),
      config_(this->name()),
      statistics_(registers_),
      tlm_bus_(bus == nullptr ? std::make_unique<nic::TlmBus>(dma, bus_reads(pcie)) : nullptr),
      dma_(bus == nullptr ? *tlm_bus_ : *bus),
      line_([this](bool high) { intx.write(high); }),
      messages_("messages", dma_),
      interrupts_(
          "interrupts", registers_, config_, msix_, statistics_, rate_mbps, [this](bool high) { line_(high); },
          [this](const nic::Message& message) { messages_.send(message); }),
      flow_control_("flow_control", registers_, statistics_, rate_mbps),
      link_("link", registers_, interrupts_, statistics_, rate_mbps, params.link_up_us * 1'000'000),
      timer_("timer", registers_, interrupts_),
      eeprom_(registers_, mac),
      mdio_(registers_, params.mdio_ns * 1000),
      module_(registers_),
      receiver_("rx",
                {port, params_, pcie_, rate_mbps, registers_, observer, statistics_, interrupts_, dma_, flow_control_}),
      transmitter_("tx", {port, params_, pcie_, rate_mbps, registers_, observer, statistics_, interrupts_, dma_,
                          flow_control_}) {
    bar0.register_b_transport(this, &Nic::b_transport);
    bar0.register_transport_dbg(this, &Nic::transport_dbg);
    attach();
    preset();
}

void Nic::attach() {
    registers_.on_write(r::CTRL, [this](std::uint64_t, std::uint64_t) { control_written(); });
    registers_.on_read(r::CTRL, [this](std::uint64_t stored) {
        return now_ps() < reset_until_ps_ ? stored | r::CTRL_RST.mask() : stored;
    });
    registers_.on_read(r::STATUS, [this](std::uint64_t stored) {
        const std::uint64_t status = r::STATUS_LINK_UP.set(stored, link_.up());
        return r::STATUS_PCIE_MASTER_ENABLE.set(status, dma_.master_enabled());
    });
    registers_.on_read(r::FRTIMER, [](std::uint64_t) { return now_ps() / 1'000'000 & 0xFFFFFFFF; });
    config_.on_change([this] {
        dma_.set_allowed(config_.bus_master());
        interrupts_.plan();
    });
    config_.on_function_reset([this] { reset_function(); });
    link_.on_up([this] { transmitter_.link_up(); });
}

void Nic::control_written() {
    const std::uint64_t control = registers_.get(r::CTRL);
    if (r::CTRL_RST.test(control) || r::CTRL_LRST.test(control)) {
        reset();
        reset_until_ps_ = now_ps() + params_.reset_ns * 1000;
        return;
    }
    dma_.set_enabled(!r::CTRL_PCIE_MASTER_DISABLE.test(control));
}

/// 9.3.10.5: MSI-X is part of what a function-level reset resets.
void Nic::reset_function() {
    msix_.reset();
    reset();
}

/// 4.2.1.6: every register goes back to its reset value; what was under way is lost.
void Nic::reset() {
    registers_.reset();
    preset();
    dma_.set_enabled(true);
    interrupts_.reset();
    timer_.reset();
    flow_control_.reset();
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
    registers_.set(r::RXPBSIZE(0), std::min(params_.rx_fifo_kib * 1024, kMaxPacketBufferBytes));
    registers_.set(r::TXPBSIZE(0), std::min(params_.tx_fifo_kib * 1024, kMaxPacketBufferBytes));
    link_.reset();
}

// Takes effect at the call: a delay that the caller brings is the interconnect's share of the answer's time.
void Nic::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
    const std::uint64_t address = payload.get_address();
    payload.set_address(nic::listed_offset(address));
    registers_.transport(payload);
    payload.set_address(address);
}

std::uint32_t Nic::bar_read(unsigned bar, std::uint64_t offset) {
    if (bar == 0) return static_cast<std::uint32_t>(registers_.read(nic::listed_offset(offset)));
    if (bar == 4) return msix_.read(offset);
    if (bar != 2) return kNobodyAnswers;
    if (offset == kIoAddress) return static_cast<std::uint32_t>(io_address_);
    return offset == kIoData ? bar_read(0, io_address_) : 0;
}

void Nic::bar_write(unsigned bar, std::uint64_t offset, std::uint32_t value) {
    if (bar == 0) registers_.write(nic::listed_offset(offset), value);
    if (bar == 4) msix_.write(offset, value);
    if (bar != 2) return;
    if (offset == kIoAddress) io_address_ = value;
    if (offset == kIoData) bar_write(0, io_address_, value);
}

unsigned Nic::transport_dbg(tlm::tlm_generic_payload& payload) {
    interrupts_.refresh();
    return registers_.transport_dbg(payload);
}

}  // namespace turnpike
