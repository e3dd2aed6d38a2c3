// SPDX-License-Identifier: Apache-2.0
// Known translations of data pages, one direct-mapped table for supervisor accesses and one for the user's. They are
// architectural: a changed page table takes effect only after INVLPG or a load of CR3 (SDM volume 3, 4.10). Large
// pages are kept in pieces of 4 KiB.
#pragma once
#include <array>

#include "models/cpu/insn.h"

namespace turnpike::cpu {

class Tlb {
  public:
    const TlbEntry* entries(bool user) const { return tables_[user].data(); }
    TlbEntry& entry(bool user, u64 page) { return tables_[user][page & (kTlbEntries - 1)]; }
    const TlbEntry& entry(bool user, u64 page) const { return tables_[user][page & (kTlbEntries - 1)]; }

    void flush(bool all) {
        for (auto& table : tables_) {
            for (TlbEntry& entry : table) {
                if (all || !entry.global) entry = {};
            }
        }
        if (all) has_large_ = false;
    }
    /// INVLPG: the whole page that holds `address`, however large.
    void drop(u64 address) {
        if (has_large_) {
            flush(true);
            return;
        }
        const u64 page = address >> kPageShift;
        for (bool user : {false, true}) entry(user, page) = {};
    }
    void note_large() { has_large_ = true; }

  private:
    std::array<std::array<TlbEntry, kTlbEntries>, 2> tables_{};
    bool has_large_ = false;
};

}  // namespace turnpike::cpu
