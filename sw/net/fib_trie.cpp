// SPDX-License-Identifier: Apache-2.0
// The form of the routing tables that lookups use: the leaf-pushed multibit trie of regs/lpm.def, strides 8/8/8/8. It
// lies in DRAM, where software walks it; the accelerator's memories are a copy, kept up entry by entry.
//
// An entry here has, above the accelerator's 17 bits, the rank of the route that fills it: of two routes that cover an
// address, the one of higher rank wins, and equal rank means the same prefix. So adding a route writes the entries of
// its range that hold no higher rank, and removing one rewrites those that hold its own.
#include "regs/address_map.h"
#include "regs/lpm.h"
#include "sw/kernel/error.h"
#include "sw/net/fib.h"

namespace fw {

namespace reg = regs::lpm;

namespace {

constexpr u64 kLpmId = 0x4D504C54;  // 'TLPM'
constexpr unsigned kLevels = 4;
constexpr unsigned kFanOut = 256;
/// Nodes of each level, as the accelerator has them by default; a smaller accelerator lowers the limits.
constexpr unsigned kNodes = 256;

constexpr u32 kChild = 1U << 16;
constexpr u32 kValueMask = 0xFFFF;
constexpr u32 kHardwareMask = 0x1FFFF;
constexpr unsigned kRankShift = 24;
constexpr u32 kMiss = kNoNextHop;  // rank 0: no route

constinit u32 root[kFanOut] = {};
constinit u32 nodes[kLevels - 1][kNodes * kFanOut] = {};
/// Prefixes that need the node; 0: free.
constinit u32 node_users[kLevels - 1][kNodes] = {};
constinit unsigned node_limit[kLevels] = {};
constinit bool hardware = false;
/// What the accelerator's auto-increment will write next.
constinit u64 hardware_cursor = ~0ULL;

constexpr unsigned rank_of(unsigned len, unsigned tier) { return tier * 33 + len + 1; }
unsigned entry_rank(u32 entry) { return entry >> kRankShift; }
bool is_child(u32 entry) { return (entry & kChild) != 0; }
constexpr u32 leaf(unsigned rank, u16 value) { return (rank << kRankShift) | value; }

u32* node_at(unsigned level, unsigned node) { return level == 0 ? root : &nodes[level - 1][node * kFanOut]; }
unsigned octet(u32 address, unsigned level) { return (address >> (24 - 8 * level)) & 0xFF; }

void write(u64 offset, u64 value) { hal::mmio_write64(regs::map::LPM_BASE + offset, value); }
u64 read(u64 offset) { return hal::mmio_read64(regs::map::LPM_BASE + offset); }

void mirror(unsigned level, unsigned node, unsigned slot, u32 entry) {
    const u64 at = reg::ENTRY_ADDR_INDEX.of(u64{node} * kFanOut + slot) | reg::ENTRY_ADDR_LEVEL.of(level);
    if (at != hardware_cursor) write(reg::ENTRY_ADDR, at);
    write(reg::ENTRY_DATA, entry & kHardwareMask);
    hardware_cursor = at + 1;
}

void put(unsigned level, unsigned node, unsigned slot, u32 entry) {
    u32& at = node_at(level, node)[slot];
    const bool visible = ((at ^ entry) & kHardwareMask) != 0;
    at = entry;
    if (hardware && visible) mirror(level, node, slot, entry);
}

void mirror_node(unsigned level, unsigned node) {
    for (unsigned slot = 0; slot < kFanOut; ++slot) mirror(level, node, slot, node_at(level, node)[slot]);
}

/// Levels below the root that a prefix of this length reaches into.
unsigned depth_of(unsigned len) { return len == 0 ? 0 : (len - 1) / 8; }

unsigned free_node(unsigned level) {
    for (unsigned node = 0; node < node_limit[level]; ++node) {
        if (node_users[level - 1][node] == 0) return node;
    }
    return kNodes;
}

/// What a range is to hold, for entries whose rank lies between `lowest` and `highest`.
struct Fill {
    unsigned lowest;
    unsigned highest;
    u32 entry;
};

void fill_slots(unsigned level, unsigned node, unsigned first, unsigned count, const Fill& fill) {
    for (unsigned slot = first; slot < first + count; ++slot) {
        const u32 old = node_at(level, node)[slot];
        if (is_child(old)) {
            fill_slots(level + 1, old & kValueMask, 0, kFanOut, fill);
        } else if (entry_rank(old) >= fill.lowest && entry_rank(old) <= fill.highest) {
            put(level, node, slot, fill.entry);
        }
    }
}

void fill_range(u32 dst, unsigned len, const Fill& fill) {
    unsigned node = 0;
    const unsigned depth = depth_of(len);
    for (unsigned level = 0; level < depth; ++level) node = node_at(level, node)[octet(dst, level)] & kValueMask;
    const unsigned count = 1U << (8 * (depth + 1) - len);
    fill_slots(depth, node, octet(dst, depth), count, fill);
}

/// A throw route sends the lookup on, and a route for one TOS is not for all packets: software decides.
u16 value_of(const fib_alias* route) {
    return route && route->type != regs::config::RTN_THROW && route->tos == 0 ? route->nexthop : kNoNextHop;
}

/// Routes of table `default` longer than the prefix come to light again when a longer-ranked one above them goes.
void refill_defaults(u32 dst, unsigned len) {
    if (!fib_default_in_use()) return;
    for (const fib_alias* route = fib_next(nullptr); route; route = fib_next(route)) {
        if (route->table != regs::config::RT_TABLE_DEFAULT || route->len <= len) continue;
        if ((route->dst & inet_make_mask(len)) != dst) continue;
        const fib_alias* winner = fib_winner(route->dst, route->len, kTierDefault);
        const unsigned rank = rank_of(route->len, kTierDefault);
        fill_range(route->dst, route->len, {0, rank, leaf(rank, value_of(winner))});
    }
}

}  // namespace

int fib_trie_hold(u32 dst, unsigned len) {
    const unsigned depth = depth_of(len);
    unsigned have = 0;
    for (unsigned node = 0; have < depth; ++have) {
        const u32 entry = node_at(have, node)[octet(dst, have)];
        if (!is_child(entry)) break;
        node = entry & kValueMask;
    }
    for (unsigned level = have + 1; level <= depth; ++level) {
        if (free_node(level) == kNodes) return -err::nospc;
    }
    unsigned node = 0;
    for (unsigned level = 0; level < depth; ++level) {
        const u32 entry = node_at(level, node)[octet(dst, level)];
        unsigned child = entry & kValueMask;
        if (!is_child(entry)) {
            child = free_node(level + 1);
            for (unsigned slot = 0; slot < kFanOut; ++slot) node_at(level + 1, child)[slot] = entry;
            if (hardware) mirror_node(level + 1, child);
            put(level, node, octet(dst, level), kChild | child);
        }
        ++node_users[level][child];
        node = child;
    }
    return 0;
}

void fib_trie_release(u32 dst, unsigned len) {
    const unsigned depth = depth_of(len);
    unsigned path[kLevels] = {};
    for (unsigned level = 0; level < depth; ++level) {
        path[level + 1] = node_at(level, path[level])[octet(dst, level)] & kValueMask;
        --node_users[level][path[level + 1]];
    }
    // A node that no prefix reaches into any more holds one route throughout: that becomes a leaf above it.
    const u32 entry = node_at(depth, path[depth])[octet(dst, depth)];
    for (unsigned level = 0; level < depth; ++level) {
        if (node_users[level][path[level + 1]] != 0) continue;
        put(level, path[level], octet(dst, level), entry);
        return;
    }
}

void fib_trie_update(u32 dst, unsigned len, unsigned tier, const fib_alias* winner) {
    const unsigned rank = rank_of(len, tier);
    if (winner) {
        fill_range(dst, len, {0, rank, leaf(rank, value_of(winner))});
        return;
    }
    unsigned found_len = 0;
    unsigned found_tier = 0;
    const fib_alias* heir = fib_covering(dst, len, tier, &found_len, &found_tier);
    fill_range(dst, len, {rank, rank, heir ? leaf(rank_of(found_len, found_tier), value_of(heir)) : kMiss});
    if (tier == kTierMain) refill_defaults(dst, len);
}

STAGE u16 fib_trie_lookup(u32 address) {
    if (hardware) return static_cast<u16>(hal::mmio_read32(regs::map::LPM_LOOKUP_BASE + u64{address} * 4));
    const auto down = [address](u32 entry, unsigned level) {
        return nodes[level - 1][(entry & kValueMask) * kFanOut + octet(address, level)];
    };
    u32 entry = root[address >> 24];
    if (is_child(entry)) entry = down(entry, 1);
    if (is_child(entry)) entry = down(entry, 2);
    if (is_child(entry)) entry = down(entry, 3);
    return static_cast<u16>(entry);
}

void fib_trie_init() {
    for (u32& entry : root) entry = kMiss;
    for (auto& level : node_users) {
        for (u32& users : level) users = 0;
    }
    for (unsigned& limit : node_limit) limit = kNodes;
    hardware = false;
}

int fib_trie_use_hardware(bool on) {
    hardware = false;
    for (unsigned& limit : node_limit) limit = kNodes;
    if (!on) return 0;
    if (read(reg::ID) != kLpmId) return -err::nodev;
    const u64 capacity = read(reg::CAPACITY);
    for (unsigned level = 1; level < kLevels; ++level) {
        const auto has = static_cast<unsigned>((capacity >> (16 * level)) & 0xFFFF);
        for (unsigned node = has; node < kNodes; ++node) {
            if (node_users[level - 1][node] != 0) return -err::nospc;
        }
        if (has < kNodes) node_limit[level] = has;
    }
    hardware = true;
    hardware_cursor = ~0ULL;
    // Deepest level first: no entry ever leads to a node that is not there yet.
    for (unsigned level = kLevels; level-- > 1;) {
        for (unsigned node = 0; node < kNodes; ++node) {
            if (node_users[level - 1][node] != 0) mirror_node(level, node);
        }
    }
    mirror_node(0, 0);
    write(reg::CTRL, reg::CTRL_ENABLE.of(1));
    return 0;
}

}  // namespace fw
