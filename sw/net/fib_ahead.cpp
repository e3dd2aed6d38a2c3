// SPDX-License-Identifier: Apache-2.0
// Route lookups ahead of the packets' turn, by the LPM accelerator's lookaside ring (regs/lpm.def): the addresses of a
// batch are in the engine while the batch before is worked off, so that their answers lie in memory when ip_rcv_finish
// asks for them.
//
// All CPUs share the ring. A CPU takes the next entries for its batch and rings the doorbell under one lock; it reads
// its completions without. An entry is taken again when its completion was read: until then whoever comes round the
// ring asks by the blocking read. Nothing is under way between two softirqs, so stop_machine, and with it every change
// of the tables, finds the ring empty: an answer is that of the table at the packet's turn.
#include "regs/address_map.h"
#include "regs/lpm.h"
#include "sw/kernel/softnet.h"
#include "sw/kernel/spinlock.h"
#include "sw/net/fib.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"

namespace fw {

namespace reg = regs::lpm;

namespace {

/// More than all CPUs have under way at once.
constexpr u32 kEntries = 512;
/// Two batches: one that is worked off, one that is under way.
constexpr u32 kLookups = 2 * kRxBatch;
static_assert(kEntries > regs::kMaxCpus * kLookups);
constexpr u64 kLineBytes = 64;

/// A packet's lookup.
struct Lookup {
    u32 address;
    u32 number;   ///< of its request, counted as LOOKASIDE_TAIL counts
    bool wanted;  ///< a packet that will be looked up
    bool asked;   ///< it has an entry of the ring
    bool known;   ///< `nexthop` is the answer
    u16 nexthop;
};

/// A CPU's lookups in the order of their packets' turns.
struct alignas(kLineBytes) CpuLookups {
    Lookup lookup[kLookups];
    u32 begun;        ///< so far
    u32 turns;        ///< of these, how many have had their turn
    Lookup* current;  ///< of the packet whose turn it is; nullptr: none
};

struct alignas(kLineBytes) Ring {
    u64 requests[kEntries];
    u64 completions[kEntries];
    u8 taken[kEntries];  ///< 1: the completion is still to come, or to be read
    u32 tail;            ///< requests so far
    spinlock lock;
};

constinit CpuLookups cpus[regs::kMaxCpus] = {};
constinit Ring ring = {{}, {}, {}, 0, {LockClass::lpm_ring}};

CpuLookups& this_cpus() { return cpus[hal::cpu_id()]; }

void set(u64 offset, u64 value) { hal::mmio_write64(regs::map::LPM_BASE + offset, value); }

/// Packets to others and those that come back by the loopback device are never looked up.
bool is_looked_up(const sk_buff& skb) {
    return skb.protocol == wire::swap16(wire::ETH_P_IP) && !skb.dst && skb.pkt_type != PACKET_OTHERHOST &&
           skb_headlen(&skb) >= wire::kIpv4HeaderBytes;
}

/// Takes an entry. False: its last completion was not read yet.
bool ask(Lookup* lookup) {
    const u32 entry = ring.tail % kEntries;
    if (__atomic_load_n(&ring.taken[entry], __ATOMIC_ACQUIRE) != 0) return false;
    ring.taken[entry] = 1;
    ring.requests[entry] = reg::LOOKASIDE_REQUEST_ADDRESS.of(lookup->address);
    lookup->number = ring.tail++;
    lookup->asked = true;
    return true;
}

/// Waits for the completion and gives its entry back.
void collect(Lookup* lookup) {
    const u32 entry = lookup->number % kEntries;
    const u64 phase = reg::LOOKASIDE_COMPLETION_PHASE.of(lookup->number / kEntries % 2 == 0 ? 1 : 0);
    u64 word = __atomic_load_n(&ring.completions[entry], __ATOMIC_ACQUIRE);
    while ((word & reg::LOOKASIDE_COMPLETION_PHASE.mask()) != phase) {
        hal::cpu_relax();
        word = __atomic_load_n(&ring.completions[entry], __ATOMIC_ACQUIRE);
    }
    lookup->nexthop = static_cast<u16>(reg::LOOKASIDE_COMPLETION_HOP.get(word));
    lookup->known = true;
    __atomic_store_n(&ring.taken[entry], 0, __ATOMIC_RELEASE);
}

/// The packet may have ended without a lookup; its entry is needed again all the same.
void end_turn(CpuLookups& cpu) {
    Lookup* lookup = cpu.current;
    cpu.current = nullptr;
    if (lookup && lookup->asked && !lookup->known) collect(lookup);
}

STAGE void fib_ahead_begin(const sk_buff* first, u32 count) {
    CpuLookups& cpu = this_cpus();
    Lookup* batch[kRxBatch];
    const sk_buff* skb = first;
    for (u32 n = 0; n < count; ++n, skb = skb->next) {
        batch[n] = &cpu.lookup[cpu.begun++ % kLookups];
        *batch[n] = {};
        batch[n]->wanted = is_looked_up(*skb);
        if (batch[n]->wanted) batch[n]->address = wire::Ipv4(skb->data).daddr();
    }
    spin_lock(ring.lock);
    const u32 before = ring.tail;
    for (u32 n = 0; n < count; ++n) {
        if (batch[n]->wanted && !ask(batch[n])) break;
    }
    if (ring.tail != before) {
        hal::write_barrier();
        set(reg::LOOKASIDE_TAIL, ring.tail);
    }
    spin_unlock(ring.lock);
}

void turn() {
    CpuLookups& cpu = this_cpus();
    end_turn(cpu);
    cpu.current = &cpu.lookup[cpu.turns++ % kLookups];
}

void done() { end_turn(this_cpus()); }

constexpr rx_ahead_ops kOps = {fib_ahead_begin, turn, done};

}  // namespace

bool fib_ahead_answer(u32 address, u16* nexthop) {
    Lookup* lookup = this_cpus().current;
    if (!lookup || !lookup->asked || lookup->address != address) return false;
    if (!lookup->known) collect(lookup);
    *nexthop = lookup->nexthop;
    return true;
}

void fib_ahead_init(bool on) {
    rx_ahead = on ? &kOps : nullptr;
    for (CpuLookups& cpu : cpus) cpu = {};
    if (!on) return;
    for (u32 entry = 0; entry < kEntries; ++entry) {
        ring.completions[entry] = 0;
        ring.taken[entry] = 0;
    }
    ring.tail = 0;
    set(reg::LOOKASIDE_REQUESTS, reinterpret_cast<u64>(ring.requests));
    set(reg::LOOKASIDE_COMPLETIONS, reinterpret_cast<u64>(ring.completions));
    set(reg::LOOKASIDE_ENTRIES, kEntries);
}

}  // namespace fw
