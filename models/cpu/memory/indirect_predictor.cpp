// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/indirect_predictor.h"

namespace turnpike::cpu {
namespace {

constexpr u8 kMostTrust = 3;
constexpr u64 kSpread = 0x9E37'79B9'7F4A'7C15;  // 2^64 divided by the golden ratio

}  // namespace

IndirectPredictor::IndirectPredictor(unsigned table_log2) : table_log2_(table_log2) {
    for (auto& table : tables_) table.resize(std::size_t{1} << table_log2);
}

IndirectPredictor::Entry& IndirectPredictor::entry(std::size_t table, u64 pc, u32& tag) {
    const u64 path = path_ & ((u64{1} << kPathBits[table]) - 1);
    u64 mixed = pc + path * kSpread;
    mixed = (mixed ^ mixed >> 31) * kSpread;
    tag = static_cast<u32>(mixed) >> 16 | 1;  // never 0, the tag of an empty entry
    return tables_[table][mixed >> (64 - table_log2_)];
}

bool IndirectPredictor::mispredicted(u64 pc, u64 target) {
    std::array<Entry*, kPathBits.size()> entries{};
    std::array<u32, kPathBits.size()> tags{};
    int provider = -1;
    for (std::size_t table = 0; table < tables_.size(); ++table) {
        entries[table] = &entry(table, pc, tags[table]);
        if (entries[table]->tag == tags[table]) provider = static_cast<int>(table);
    }
    const bool wrong = provider < 0 || entries[static_cast<std::size_t>(provider)]->target != target;
    if (provider >= 0) {
        Entry& used = *entries[static_cast<std::size_t>(provider)];
        if (!wrong) {
            if (used.trust < kMostTrust) ++used.trust;
        } else if (used.trust > 0) {
            --used.trust;
        } else {
            used.target = target;
        }
    }
    if (!wrong) return false;
    for (std::size_t table = static_cast<std::size_t>(provider + 1); table < tables_.size(); ++table) {
        Entry& next = *entries[table];
        if (next.trust != 0) {
            --next.trust;
            continue;
        }
        // Whoever is driven out will come again and do the same: in the next table both have room.
        const bool drives_out = next.tag != 0;
        next = {tags[table], 0, target};
        if (!drives_out) break;
    }
    return true;
}

}  // namespace turnpike::cpu
