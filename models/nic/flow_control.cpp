// SPDX-License-Identifier: Apache-2.0
#include "models/nic/flow_control.h"

#include <algorithm>

#include "models/core/clock.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

// IEEE 802.3 31.4, 31B.2: MAC control frame with destination, type, operation and pause time.
constexpr std::array<std::uint8_t, 6> kControlAddress = {0x01, 0x80, 0xC2, 0x00, 0x00, 0x01};
constexpr std::size_t kSourceAt = 6, kTypeAt = 12, kOperationAt = 14, kTimeAt = 16;
constexpr unsigned kControlType = 0x8808, kPause = 1;
/// A pause quantum, 31B.2: 512 bit times.
constexpr std::uint64_t kQuantumBits = 512;
constexpr std::uint64_t kLinkFlowControl = 1;  ///< FCCFG.TFCE

unsigned get16(const Frame& frame, std::size_t at) {
    return static_cast<unsigned>(frame.bytes[at]) << 8 | frame.bytes[at + 1];
}

void put16(Frame& frame, std::size_t at, std::uint64_t value) {
    frame.bytes[at] = static_cast<std::uint8_t>(value >> 8);
    frame.bytes[at + 1] = static_cast<std::uint8_t>(value);
}

/// The station's address: RAL(0), RAH(0).
std::array<std::uint8_t, 6> station(const RegisterFile& registers) {
    const std::uint64_t address = registers.get(r::RAL(0)) | r::RAH_ADDRESS.get(registers.get(r::RAH(0))) << 32;
    std::array<std::uint8_t, 6> bytes{};
    for (unsigned n = 0; n < bytes.size(); ++n) bytes[n] = static_cast<std::uint8_t>(address >> (n * 8));
    return bytes;
}

}  // namespace

FlowControl::FlowControl(const sc_core::sc_module_name& name, RegisterFile& registers, Statistics& statistics,
                         std::uint64_t rate_mbps)
    : sc_module(name),
      registers_(registers),
      statistics_(statistics),
      rate_mbps_(rate_mbps),
      refresh_("refresh", [this] { refresh(); }) {
    // 8.2.3.3.6: the bit falls while the transmitter is paused.
    registers_.on_read(r::TFCS, [this](std::uint64_t) { return r::TFCS_ON.of(now_ps() >= paused_until_ps_); });
}

void FlowControl::reset() {
    paused_until_ps_ = 0;
    level_ = 0;
    stopped_other_ = false;
    refresh_.cancel();
}

std::uint64_t FlowControl::quanta_ps(std::uint64_t quanta) const {
    constexpr std::uint64_t kPsPerBitAt1Mbps = 1'000'000;
    return quanta * kQuantumBits * kPsPerBitAt1Mbps / rate_mbps_;
}

/// 3.7.7.1.2: to the reserved group or to this station, with the pause operation.
bool FlowControl::is_pause(const Frame& frame) const {
    const auto to = frame.bytes.begin();
    const auto own = station(registers_);
    return get16(frame, kOperationAt) == kPause &&
           (std::equal(kControlAddress.begin(), kControlAddress.end(), to) || std::equal(own.begin(), own.end(), to));
}

/// 8.2.3.22.34: MFLCN.RFCE obeys pause frames, DPF then keeps them from the host, PMCF lets other control frames pass.
bool FlowControl::takes(const Frame& frame) {
    if (frame.bad_fcs || get16(frame, kTypeAt) != kControlType) return false;
    const std::uint64_t control = registers_.get(r::MFLCN);
    if (!is_pause(frame)) return !r::MFLCN_PMCF.test(control);
    const unsigned quanta = get16(frame, kTimeAt);
    statistics_.bump(quanta == 0 ? r::LXONRXCNT : r::LXOFFRXCNT);
    if (!r::MFLCN_RFCE.test(control)) return false;
    obey(quanta);
    return r::MFLCN_DPF.test(control);
}

/// 31B.3: each pause frame replaces what is left of the last one.
void FlowControl::obey(std::uint64_t quanta) {
    const std::uint64_t before = paused_until_ps_;
    paused_until_ps_ = now_ps() + quanta_ps(quanta);
    if (paused_until_ps_ < before && resume_) resume_();
}

/// 3.7.7.3: at FCRTH an XOFF goes, below FCRTL again an XON if FCRTL.XONE allows it.
void FlowControl::level(std::uint64_t bytes) {
    level_ = bytes;
    const std::uint64_t high = registers_.get(r::FCRTH(0)), low = registers_.get(r::FCRTL(0));
    const bool enabled = r::FCCFG_TFCE.get(registers_.get(r::FCCFG)) == kLinkFlowControl && r::FCRTH_FCEN.test(high);
    if (!enabled) return;
    constexpr std::uint64_t kUnit = 32;  // bytes, RTH and RTL
    if (!stopped_other_ && bytes >= r::FCRTH_RTH.get(high) * kUnit) {
        stopped_other_ = true;
        send_pause(r::FCTTV_TTV.get(registers_.get(r::FCTTV(0))));
    } else if (stopped_other_ && bytes < r::FCRTL_RTL.get(low) * kUnit) {
        stopped_other_ = false;
        refresh_.cancel();
        if (r::FCRTL_XONE.test(low)) send_pause(0);
    }
}

/// 8.2.3.3.5: the other side's pause has only FCRTV quanta left, and the buffer has not come down.
void FlowControl::refresh() {
    if (stopped_other_) send_pause(r::FCTTV_TTV.get(registers_.get(r::FCTTV(0))));
}

void FlowControl::send_pause(std::uint64_t quanta) {
    Frame frame;
    frame.bytes.resize(kMinFrameBytes);
    std::copy(kControlAddress.begin(), kControlAddress.end(), frame.bytes.begin());
    const auto own = station(registers_);
    std::copy(own.begin(), own.end(), frame.bytes.begin() + kSourceAt);
    put16(frame, kTypeAt, kControlType);
    put16(frame, kOperationAt, kPause);
    put16(frame, kTimeAt, quanta);
    statistics_.bump(quanta == 0 ? r::LXONTXC : r::LXOFFTXC);
    const std::uint64_t margin = registers_.get(r::FCRTV);
    if (margin != 0 && quanta > margin) refresh_.at(now_ps() + quanta_ps(quanta - margin));
    if (send_) send_(std::move(frame));
}

}  // namespace turnpike::nic
