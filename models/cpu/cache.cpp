// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/cache.h"

#include <bit>
#include <stdexcept>

namespace turnpike::cpu {

Cache::Cache(const std::string& name, u64 kib, u64 ways) : sets_(0), mask_(0), ways_(ways) {
    const u64 lines = (kib << 10) >> kLineShift;
    if (ways == 0 || lines == 0 || lines % ways != 0) {
        throw std::invalid_argument(name + ": " + std::to_string(kib) + " KiB in " + std::to_string(ways) +
                                    " ways is not a whole number of sets of 64-byte lines");
    }
    sets_ = lines / ways;
    if (std::has_single_bit(sets_)) mask_ = sets_ - 1;
    tags_.assign(lines, kInvalid);
}

bool Cache::search(u64* set, u64 tag, bool write) {
    for (u64 way = 1; way < ways_; ++way) {
        if ((set[way] ^ tag) > 1) continue;
        const u64 found = set[way] | (write ? 1 : 0);
        std::memmove(set + 1, set, way * sizeof *set);
        set[0] = found;
        return true;
    }
    ++stats_.misses;
    return false;
}

u64 Cache::insert(u64 line, bool dirty) {
    u64* set = set_of(line);
    const u64 victim = set[ways_ - 1];
    std::memmove(set + 1, set, (ways_ - 1) * sizeof *set);
    set[0] = (line << 1) | (dirty ? 1 : 0);
    if (victim == kInvalid || (victim & 1) == 0) return kNone;
    ++stats_.write_backs;
    return victim >> 1;
}

u64 Cache::write_back(u64 line) {
    if (u64* tag = find(line)) {
        *tag |= 1;
        return kNone;
    }
    return insert(line, true);
}

void Cache::invalidate(u64 line) {
    u64* tag = find(line);
    if (tag == nullptr) return;
    u64* end = set_of(line) + ways_;
    std::memmove(tag, tag + 1, static_cast<u64>(end - tag - 1) * sizeof *tag);
    end[-1] = kInvalid;
}

bool Cache::contains(u64 line) const { return const_cast<Cache*>(this)->find(line) != nullptr; }

u64* Cache::find(u64 line) {
    u64* set = set_of(line);
    for (u64 way = 0; way < ways_; ++way) {
        if ((set[way] ^ (line << 1)) <= 1) return set + way;
    }
    return nullptr;
}

}  // namespace turnpike::cpu
