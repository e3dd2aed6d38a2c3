// SPDX-License-Identifier: Apache-2.0
#include "models/nic/rx/filter.h"

#include <algorithm>

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

std::uint64_t destination(std::span<const std::uint8_t> frame) {
    std::uint64_t address = 0;
    for (unsigned i = 0; i < 6; ++i) address |= std::uint64_t{frame[i]} << (i * 8);
    return address;
}

}  // namespace

Cast cast_of(std::span<const std::uint8_t> frame) {
    if ((frame[0] & 1) == 0) return Cast::unicast;
    return destination(frame) == 0xFFFFFFFFFFFF ? Cast::broadcast : Cast::multicast;
}

Filter::Filter(RegisterFile& registers, bool takes_all) : registers_(registers), takes_all_(takes_all) {
    const auto changed = [this](std::uint64_t, std::uint64_t) { addresses_changed(); };
    for (unsigned n = 0; n < r::RAL_COUNT; ++n) {
        registers_.on_write(r::RAL(n), changed);
        registers_.on_write(r::RAH(n), changed);
    }
}

/// 7.1.1.2: the tag's VLAN has its bit in VFTA; untagged frames pass.
bool Filter::passes_vlan(std::span<const std::uint8_t> frame) const {
    const std::uint64_t control = registers_.get(r::VLNCTRL);
    if (!r::VLNCTRL_VFE.test(control)) return true;
    const unsigned type = static_cast<unsigned>(frame[12]) << 8 | frame[13];
    if (type != r::VLNCTRL_VET.get(control)) return true;
    const unsigned tag = static_cast<unsigned>(frame[14]) << 8 | frame[15];
    if (r::VLNCTRL_CFIEN.test(control) && (tag >> 12 & 1) != r::VLNCTRL_CFI.get(control)) return false;
    const unsigned vlan = tag & 0xFFF;
    return (registers_.get(r::VFTA(vlan / 32)) >> vlan % 32 & 1) != 0;
}

Passage Filter::passage(std::span<const std::uint8_t> frame) {
    return passes_vlan(frame) ? by_address(frame) : Passage::none;
}

/// 7.1.1.1. The multicast table works while MCSTCTRL.MFE is set, the unicast table always.
Passage Filter::by_address(std::span<const std::uint8_t> frame) {
    if (takes_all_) return Passage::exact;
    const std::uint64_t control = registers_.get(r::FCTRL);
    const Cast cast = cast_of(frame);
    if (cast == Cast::broadcast) return r::FCTRL_BAM.test(control) ? Passage::exact : Passage::none;
    const bool unicast = cast == Cast::unicast;
    if ((unicast ? r::FCTRL_UPE : r::FCTRL_MPE).test(control) || matches_exactly(frame)) return Passage::exact;
    const bool looks = unicast || r::MCSTCTRL_MFE.test(registers_.get(r::MCSTCTRL));
    return looks && matches_hash(unicast ? r::UTA(0) : r::MTA(0), frame) ? Passage::inexact : Passage::none;
}

bool Filter::matches_exactly(std::span<const std::uint8_t> frame) {
    if (!exact_is_current_) {
        exact_.clear();
        for (unsigned n = 0; n < r::RAL_COUNT; ++n) {
            const std::uint64_t high = registers_.get(r::RAH(n));
            if (r::RAH_AV.test(high)) exact_.push_back(registers_.get(r::RAL(n)) | r::RAH_ADDRESS.get(high) << 32);
        }
        exact_is_current_ = true;
    }
    return std::find(exact_.begin(), exact_.end(), destination(frame)) != exact_.end();
}

/// 8.2.3.7.3: MCSTCTRL.MO says which 12 bits of the destination, counted from its last bit on the wire, pick the
/// bit of MTA or UTA: [47:36], [46:35], [45:34] or [43:32].
bool Filter::matches_hash(std::uint64_t table, std::span<const std::uint8_t> frame) const {
    const std::uint64_t control = registers_.get(r::MCSTCTRL);
    constexpr unsigned kLowestBit[] = {36, 35, 34, 32};
    const std::uint64_t hash = destination(frame) >> kLowestBit[r::MCSTCTRL_MO.get(control)] & 0xFFF;
    return (registers_.get(table + (hash >> 5) * r::kRegisterBytes) >> (hash & 31) & 1) != 0;
}

}  // namespace turnpike::nic
