// SPDX-License-Identifier: Apache-2.0
// What a CPU has to receive (Linux struct softnet_data): frames that interrupts took in, and devices that are polled.
#pragma once
#include "regs/counters.h"
#include "sw/kernel/netdevice.h"

namespace fw {

/// Something that is polled for packets (Linux struct napi_struct).
struct napi_struct {
    napi_struct* next;
    /// Takes in up to `budget` packets; fewer: it has called napi_complete.
    u32 (*poll)(napi_struct* napi, u32 budget);
    bool scheduled;
    void* owner;  ///< the device's queue that is polled
};

/// A line of its own for each CPU.
struct alignas(64) softnet_data {
    sk_buff_head input_pkt_queue;  ///< filled by interrupts
    sk_buff_head process_queue;    ///< being worked off
    napi_struct* poll_first;
    napi_struct* poll_last;
    napi_struct backlog;
    u32 avg_blog;  ///< running average of the input queue's length (Linux 2.4)
    NetRx cng_level;
    bool throttle;         ///< the input queue was full and has not been empty since
    u32 xmit_recursion;    ///< devices without a queue that a packet is passing at this moment
    sk_buff_head rx_list;  ///< taken in, and to be delivered once work on them has begun (rx_ahead)
    u32 rx_begun;          ///< of rx_list, from its head on
};
extern softnet_data softnet[regs::kMaxCpus];

/// Work on received packets that can begin before their turn, such as an accelerator's lookups.
struct rx_ahead_ops {
    /// For `count` packets from `first` on, whose turns come in this order, behind those of all that were begun before.
    void (*begin)(const sk_buff* first, u32 count);
    /// The turn of the next packet has come; that of the one before is over.
    void (*turn)();
    /// The last turn is over, and no other follows at once.
    void (*done)();
};
/// nullptr: packets are delivered as they are taken in.
extern const rx_ahead_ops* rx_ahead;
/// Packets that are begun together: the entries of one 64-byte read of a ring, and Linux's batch (net/core/hotdata.c,
/// gro_normal_batch).
inline constexpr u32 kRxBatch = 8;

// rx_ahead.cpp
/// Delivers a packet that was taken in by this CPU's poll, now or in a batch with those that follow.
void rx_take(sk_buff* skb);
/// Begins what is left of the last batch: no more come.
void rx_begin_rest(softnet_data& sd);
/// Delivers all that were taken in.
void rx_flush(softnet_data& sd);

/// Has the receive softirq of this CPU poll; true unless that was to happen already.
bool napi_schedule(napi_struct* napi);
/// Nothing more to take in now; the next interrupt schedules again.
void napi_complete(napi_struct* napi);
/// A polled driver hands a frame up, as to netif_rx, from the softirq.
OBSERVED void napi_gro_receive(sk_buff* skb);

void softnet_init();
/// The receive softirq.
void net_rx_action();

}  // namespace fw
