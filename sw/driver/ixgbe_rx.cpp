// SPDX-License-Identifier: Apache-2.0
// Receive ring (7.1): the NIC writes frames straight into skbs.
#include "sw/driver/ixgbe.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"

namespace fw {
namespace {

namespace nic = regs::nic;

void give_buffer(RxRing& ring, u32 index, sk_buff* skb) {
    ring.skb[index] = skb;
    // 7.1.6.1; the write-back will overwrite both words, so DD must start as 0.
    ring.desc[index].word[0] = reinterpret_cast<u64>(skb->data);
    ring.desc[index].word[1] = 0;
}

/// Drops the frame in `skb`; the answer is a fresh skb for the ring, which may well be the same one. It cannot fail:
/// with interrupts off the slot just freed is there.
sk_buff* recycle(sk_buff* skb, Fate fate) {
    const u64 flags = hal::irq_save();
    kfree_skb_reason(skb, fate);
    sk_buff* fresh = alloc_skb();
    hal::irq_restore(flags);
    return fresh;
}

/// Fills the used descriptor again, and tells the NIC once enough have come together (8.2.3.8.5).
void refill(RxRing& ring, sk_buff* skb) {
    give_buffer(ring, ring.next_to_clean, skb);
    if (++ring.next_to_clean == ring.entries) ring.next_to_clean = 0;
    if (++ring.pending < kRxTailBatch) return;
    ring.tail += ring.pending;
    if (ring.tail >= ring.entries) ring.tail -= ring.entries;
    ring.pending = 0;
    hal::write_barrier();
    hal::mmio_write32(ring.tail_register, ring.tail);
}

/// One buffer that the NIC has filled; false when the stack had no room for it.
bool receive_buffer(ixgbe_queue* queue, u64 status, bool (*hand_up)(sk_buff*)) {
    RxRing& ring = queue->rx;
    net_device* dev = &queue->adapter->dev;
    sk_buff* skb = ring.skb[ring.next_to_clean];
    const bool end = nic::RX_WB_EOP.field.test(status);
    const bool whole = end && !ring.in_frame;
    ring.in_frame = !end;
    if (unlikely(!whole || nic::RX_WB_RXE.field.test(status))) {
        // Of a frame in several buffers only the last counts as its end.
        if (end) {
            dev_count(dev, regs::Dev::rx_errors);
            skb = recycle(skb, Fate::rx_error);
        }
        refill(ring, skb);
        return true;
    }
    sk_buff* fresh = alloc_skb();
    if (unlikely(!fresh)) {
        ixgbe_count(queue, regs::NicDrv::alloc_rx_buff_failed);
        refill(ring, recycle(skb, Fate::rx_no_skb));
        return true;
    }
    refill(ring, fresh);
    skb_put(skb, static_cast<u32>(nic::RX_WB_LENGTH.field.get(status)));
    ixgbe_count(queue, regs::NicDrv::rx_packets);
    ixgbe_count(queue, regs::NicDrv::rx_bytes, skb->len);
    ixgbe_rx_checksum(queue, skb, status);
    eth_type_trans(skb, dev);
    if (skb->pkt_type == PACKET_MULTICAST) dev_count(dev, regs::Dev::multicast);
    return hand_up(skb);
}

}  // namespace

int ixgbe_alloc_rx(ixgbe_queue* queue, u32 entries) {
    RxRing& ring = queue->rx;
    if (!ixgbe_take_ring(ring, entries)) return -err::nomem;
    ring.next_to_clean = ring.pending = 0;
    ring.in_frame = false;
    for (u32 i = 0; i < entries; ++i) {
        sk_buff* skb = alloc_skb();
        if (!skb) return -err::nomem;
        give_buffer(ring, i, skb);
    }
    ring.tail = entries - 1;  // one descriptor stays with software, 7.1.9
    return 0;
}

void ixgbe_free_rx(ixgbe_queue* queue) {
    RxRing& ring = queue->rx;
    for (u32 i = 0; i < ring.entries; ++i) {
        if (ring.skb[i]) consume_skb(ring.skb[i]);
        ring.skb[i] = nullptr;
    }
    ixgbe_free_ring(ring);
}

STAGE u32 ixgbe_clean_rx(ixgbe_queue* queue, u32 budget, bool (*hand_up)(sk_buff*)) {
    RxRing& ring = queue->rx;
    for (u32 work = 0; work < budget; ++work) {
        const u64 status = ring.desc[ring.next_to_clean].word[1];
        if (!nic::RX_WB_DD.field.test(status)) return work;
        if (!receive_buffer(queue, status, hand_up)) break;
    }
    return budget;
}

}  // namespace fw
