// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/paging.h"

#include <cstring>

#include "models/cpu/descriptor.h"

namespace turnpike::cpu {
namespace {

// Bits of paging-structure entries (SDM volume 3, tables 4-15 to 4-20).
constexpr u64 kPresent = 1U << 0, kWritable = 1U << 1, kUser = 1U << 2, kAccessed = 1U << 5, kDirty = 1U << 6,
              kLarge = 1U << 7, kGlobal = 1U << 8, kNoExecute = u64{1} << 63;
constexpr u64 kAddress = ((u64{1} << 52) - 1) & ~(kPageBytes - 1);
constexpr u64 kBeyondPhysical = kAddress & ~((u64{1} << kPhysicalBits) - 1);

// Bits of the error code (SDM volume 3, 4.7).
constexpr u32 kErrorPresent = 1U << 0, kErrorWrite = 1U << 1, kErrorUser = 1U << 2, kErrorReserved = 1U << 3,
              kErrorFetch = 1U << 4;

constexpr unsigned kLevels = 4;
constexpr u64 kWidestAccess = 16;

/// Bits of an entry of the level (3: PML4 … 0: page table) that must be 0.
u64 reserved_bits(u64 entry, unsigned level, bool no_execute) {
    u64 bits = kBeyondPhysical | (no_execute ? 0 : kNoExecute);
    if (level == 3) bits |= kLarge;
    if (level != 0 && level != 3 && (entry & kLarge) != 0) {
        constexpr u64 kPat = 1U << 12;
        bits |= ((u64{1} << (kPageShift + 9 * level)) - 1) & kAddress & ~kPat;
    }
    return bits;
}

}  // namespace

struct Paging::Walk {
    u64 entry_at[kLevels];  ///< physical addresses of the entries used, outermost first
    unsigned used = 0;
    bool present = false;
    bool reserved = false;
    bool writable = true;
    bool user = true;
    bool executable = true;
    bool large = false;
    u64 last = 0;  ///< the entry that maps the page
    u64 physical = 0;
};

Paging::Paging(State& state, Memory memory, BlockCache& blocks)
    : state_(state), memory_(memory), blocks_(blocks), plain_end_(memory.size - kWidestAccess + 1) {
    reset();
}

void Paging::reset() {
    tlb_.flush(true);
    state_.sys.paged = false;
    state_.plain_end = plain_end_;
    select();
}

void Paging::select() {
    const bool user = cpl(state_) == kUserLevel;
    state_.tlb = tlb_.entries(user);
    context_ = state_.sys.paged ? (number_ + (user ? 1 : 0)) << Block::kContextShift : 0;
}

void Paging::renew_contexts() {
    constexpr u64 kLast = (u64{1} << Block::kContextBits) - 2;
    number_ += number_ == 0 ? 1 : 2;
    if (number_ >= kLast) {
        blocks_.forget_keys();
        number_ = 1;
    }
    select();
}

void Paging::flush(bool all) {
    tlb_.flush(all);
    if (all) global_pages_.clear();
    if (!state_.sys.paged) return;
    state_.plain_end = 0;
    renew_contexts();
}

void Paging::flush_page(u64 address) {
    tlb_.drop(address);
    if (state_.sys.paged) renew_contexts();
}

std::optional<u64> Paging::known(u64 address) const {
    const u64 page = address >> kPageShift;
    for (const bool user : {false, true}) {
        const TlbEntry& entry = tlb_.entry(user, page);
        if (entry.read_page == page) return address + entry.offset;
    }
    return std::nullopt;
}

/// Outside DRAM nothing holds a page table: such entries read as not present.
u64 Paging::table_entry(u64 address) const {
    if (address >= memory_.size || memory_.size - address < 8) return 0;
    u64 entry;
    std::memcpy(&entry, memory_.data + address, sizeof entry);
    return entry;
}

Paging::Walk Paging::walk(u64 address) const {
    Walk walk;
    const bool no_execute = (state_.sys.efer & efer::NXE) != 0;
    u64 table = state_.sys.cr3 & kAddress;
    for (unsigned level = kLevels; level-- > 0;) {
        const unsigned shift = kPageShift + 9 * level;
        const u64 at = table + 8 * ((address >> shift) & 0x1FF);
        const u64 entry = table_entry(at);
        if ((entry & kPresent) == 0) return walk;
        if ((entry & reserved_bits(entry, level, no_execute)) != 0) {
            walk.reserved = true;
            return walk;
        }
        walk.entry_at[walk.used++] = at;
        walk.writable = walk.writable && (entry & kWritable) != 0;
        walk.user = walk.user && (entry & kUser) != 0;
        walk.executable = walk.executable && (entry & kNoExecute) == 0;
        walk.last = entry;
        table = entry & kAddress;
        if (level == 0 || (entry & kLarge) != 0) {
            const u64 inside = (u64{1} << shift) - 1;
            walk.present = true;
            walk.large = level != 0;
            walk.physical = (table & ~inside) | (address & inside);
            return walk;
        }
    }
    return walk;
}

/// SDM volume 3, 4.6.1.
bool Paging::allowed(const Walk& walk, Purpose purpose, bool user) const {
    if (user && !walk.user) return false;
    switch (purpose) {
        case Purpose::read:
            return true;
        case Purpose::write:
            return walk.writable || (!user && (state_.sys.cr0 & cr0::WP) == 0);
        case Purpose::fetch:
            return walk.executable && (user || !walk.user || (state_.sys.cr4 & cr4::SMEP) == 0);
    }
    return false;
}

bool Paging::is_global(const Walk& walk) const {
    return (walk.last & kGlobal) != 0 && (state_.sys.cr4 & cr4::PGE) != 0;
}

/// Accessed and dirty flags (SDM volume 3, 4.8).
void Paging::set_flags(const Walk& walk, bool dirty) {
    for (unsigned n = 0; n < walk.used; ++n) {
        const u64 at = walk.entry_at[n];
        const u64 entry = table_entry(at);
        const u64 with = entry | kAccessed | (dirty && n + 1 == walk.used ? kDirty : 0);
        if (with == entry) continue;
        std::memcpy(memory_.data + at, &with, sizeof with);
        if (blocks_.stored(at, sizeof with)) state_.leave = true;
    }
}

void Paging::fault(u64 address, const Walk& walk, Purpose purpose, bool user) {
    const bool names_fetch = (state_.sys.efer & efer::NXE) != 0 || (state_.sys.cr4 & cr4::SMEP) != 0;
    u32 code = 0;
    if (walk.present || walk.reserved) code |= kErrorPresent;
    if (walk.reserved) code |= kErrorReserved;
    if (purpose == Purpose::write) code |= kErrorWrite;
    if (user) code |= kErrorUser;
    if (purpose == Purpose::fetch && names_fetch) code |= kErrorFetch;
    state_.sys.cr2 = address;
    throw Fault{vector::PF, nullptr, true, code};
}

void Paging::remember(u64 address, const Walk& walk, bool user, bool dirty) {
    const u64 start = walk.physical & ~(kPageBytes - 1);
    if (start >= memory_.size || memory_.size - start < kPageBytes) return;  // a device: looked up each time
    if (walk.large) tlb_.note_large();
    const u64 page = address >> kPageShift;
    TlbEntry& entry = tlb_.entry(user, page);
    entry.read_page = page;
    // A clean page is not entered for writing, so that the first write comes here and sets the flag.
    const bool is_dirty = dirty || (walk.last & kDirty) != 0;
    entry.write_page = is_dirty && allowed(walk, Purpose::write, user) ? page : TlbEntry::kNoPage;
    entry.offset = walk.physical - address;
    entry.global = is_global(walk);
}

u64 Paging::translate(u64 address, Purpose purpose, bool user) {
    if (!state_.sys.paged) return address;
    const u64 page = address >> kPageShift;
    const TlbEntry& known = tlb_.entry(user, page);
    if (purpose == Purpose::read && known.read_page == page) return address + known.offset;
    if (purpose == Purpose::write && known.write_page == page) return address + known.offset;
    const Walk found = walk(address);
    if (!found.present || !allowed(found, purpose, user)) {
        // The translation that led here is forgotten (SDM volume 3, 4.10.4.1), so that the handler need not do so.
        tlb_.entry(user, page) = {};
        fault(address, found, purpose, user);
    }
    set_flags(found, purpose == Purpose::write);
    if (is_global(found)) global_pages_.insert(found.physical >> kPageShift);
    if (purpose != Purpose::fetch) remember(address, found, user, purpose == Purpose::write);
    return found.physical;
}

Span Paging::span(u64 address, unsigned bytes, Purpose purpose, bool user) {
    const u64 room = kPageBytes - (address & (kPageBytes - 1));
    if (!state_.sys.paged || bytes <= room) return {translate(address, purpose, user), 0, bytes};
    const u64 first = translate(address, purpose, user);
    return {first, translate(address + room, purpose, user), static_cast<unsigned>(room)};
}

std::optional<u64> Paging::peek(u64 address) const {
    if (!is_canonical(address)) return std::nullopt;
    if (!state_.sys.paged) return address;
    const Walk found = walk(address);
    if (!found.present) return std::nullopt;
    return found.physical;
}

std::optional<CodeRun> Paging::code_at(u64 address) {
    if (!state_.sys.paged) {
        if (address >= memory_.size) return std::nullopt;
        return CodeRun{address, memory_.size - address};
    }
    if (!is_canonical(address)) return std::nullopt;
    const u64 physical = translate(address, Purpose::fetch, cpl(state_) == kUserLevel);
    const u64 room = kPageBytes - (address & (kPageBytes - 1));
    if (physical >= memory_.size || memory_.size - physical < room) return std::nullopt;
    return CodeRun{physical, room};
}

}  // namespace turnpike::cpu
