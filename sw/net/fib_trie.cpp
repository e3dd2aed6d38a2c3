// SPDX-License-Identifier: Apache-2.0
// The form of the routing tables for lookups by the destination alone: the winning routes of `local` and `main` in a
// tree bitmap (sw/lpm). Either it has the shape in which software walks it, or the accelerator's, which follows it word
// by word. What it can't decide it answers with kNoNextHop, "ask software": table `default`, TOS, throw, no match.
#include "regs/address_map.h"
#include "regs/lpm.h"
#include "sw/kernel/error.h"
#include "sw/lpm/engine_writer.h"
#include "sw/lpm/software_lookup.h"
#include "sw/net/fib.h"

namespace fw {

namespace {

// Cells for kMaxRoutes prefixes as routers of the Internet have them (docs/ip.md); no level has fewer than 65,536
// where software looks up, so that as many routes to single hosts fit. An engine with less lowers the limits.
constexpr TreeCapacity kSoftwareCapacity = {{8192, 131072, 65536, 65536, 0}, kMaxRoutes + kMaxRoutes / 4};
constexpr TreeCapacity kEngineCapacity = {{8192, 65536, 163840, 24576, 16384}, kMaxRoutes + kMaxRoutes / 4};
constexpr u64 kSoftwareBytes = PrefixTree::bytes_for(kSoftwareShape, kSoftwareCapacity);
constexpr u64 kEngineBytes = PrefixTree::bytes_for(kEngineShape, kEngineCapacity);

alignas(TreeNode) constinit u8 memory[kSoftwareBytes > kEngineBytes ? kSoftwareBytes : kEngineBytes] = {};
constinit PrefixTree tree;
constinit SoftwareTable table = {};
constinit EngineWriter engine;
constinit bool hardware = false;

constexpr EngineBus kBus = {
    nullptr, [](void*, u64 offset) { return hal::mmio_read64(regs::map::LPM_BASE + offset); },
    [](void*, u64 offset, u64 value) { hal::mmio_write64(regs::map::LPM_BASE + offset, value); }};

void enable_engine(bool on) { kBus.write(nullptr, regs::lpm::CTRL, regs::lpm::CTRL_ENABLE.of(on)); }

/// A throw route sends the lookup on, and a route for one TOS is not for all packets: software decides.
u16 value_of(const fib_alias& route) {
    return route.type != regs::config::RTN_THROW && route.tos == 0 ? route.nexthop : kNoNextHop;
}

/// Puts the winners of all prefixes into an empty tree.
int fill() {
    for (const fib_alias* route = fib_next(nullptr); route; route = fib_next(route)) {
        const fib_alias* winner = fib_winner(route->dst, route->len);
        if (winner != route) continue;
        const int error = tree.put(route->dst, route->len, value_of(*winner));
        if (error != 0) return error;
    }
    return 0;
}

u32 lesser(u32 a, u32 b) { return a < b ? a : b; }

TreeCapacity limited_by(TreeCapacity engine_has) {
    for (unsigned level = 0; level < kTreeMaxLevels; ++level) {
        engine_has.nodes[level] = lesser(engine_has.nodes[level], kEngineCapacity.nodes[level]);
    }
    engine_has.results = lesser(engine_has.results, kEngineCapacity.results);
    return engine_has;
}

/// All routes fit: there were none, or they come from the engine's shape, which has room for no more of them.
int use_software() {
    hardware = false;
    fib_ahead_init(false);
    tree.init(kSoftwareShape, kSoftwareCapacity, memory);
    table.of(tree);
    return fill();
}

}  // namespace

int fib_trie_update(u32 dst, unsigned len, const fib_alias* winner) {
    if (winner) return tree.put(dst, len, value_of(*winner));
    tree.remove(dst, len);
    return 0;
}

void fib_trie_ask_software() {
    if (hardware) enable_engine(false);
}

STAGE u16 fib_trie_lookup(u32 address) {
    if (!hardware) return software_lookup(table, address);
    u16 index = kNoNextHop;
    if (fib_ahead_answer(address, &index)) return index;
    return static_cast<u16>(hal::mmio_read32(regs::map::LPM_LOOKUP_BASE + u64{address} * 4));
}

void fib_trie_init() { use_software(); }

int fib_trie_use_hardware(bool on, bool ahead) {
    if (!on) return use_software();
    if (!EngineWriter::is_there(kBus)) return -err::nodev;
    tree.init(kEngineShape, limited_by(EngineWriter::capacity_of(kBus)), memory);
    const int error = fill();
    if (error != 0) {
        use_software();
        return error;
    }
    engine.init(kBus);
    tree.attach(engine.writer());
    enable_engine(true);
    hardware = true;
    fib_ahead_init(ahead);
    return 0;
}

}  // namespace fw
