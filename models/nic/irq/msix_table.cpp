// SPDX-License-Identifier: Apache-2.0
#include "models/nic/irq/msix_table.h"

namespace turnpike::nic {

void MsixTable::reset() {
    for (auto& entry : entries_) entry = {0, 0, 0, 1};
    pending_ = 0;
}

std::uint32_t MsixTable::read(std::uint64_t offset) const {
    const std::uint64_t word = offset / 4;
    if (word < entries_.size() * kWords) return entries_[word / kWords][word % kWords];
    if (offset == kPendingAt) return static_cast<std::uint32_t>(pending_);
    if (offset == kPendingAt + 4) return static_cast<std::uint32_t>(pending_ >> 32);
    return 0;
}

void MsixTable::write(std::uint64_t offset, std::uint32_t value) {
    const std::uint64_t word = offset / 4;
    if (word >= entries_.size() * kWords) return;
    // The two lowest bits of an address read 0, and of the control word only the mask bit exists.
    constexpr std::uint32_t kMask[kWords] = {~3U, ~0U, ~0U, 1U};
    entries_[word / kWords][word % kWords] = value & kMask[word % kWords];
    if (word % kWords == kControl && changed_) changed_();
}

Message MsixTable::message(unsigned vector) const {
    const auto& entry = entries_[vector];
    return {entry[0] | std::uint64_t{entry[1]} << 32, entry[2]};
}

}  // namespace turnpike::nic
