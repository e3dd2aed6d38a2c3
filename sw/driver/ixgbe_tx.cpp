// SPDX-License-Identifier: Apache-2.0
// Transmit ring (7.2): one descriptor a frame, and one before it where the NIC is told of other headers than before.
#include "sw/driver/ixgbe.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"

namespace fw {
namespace {

namespace nic = regs::nic;

/// Free descriptors that wake the device's queue at the latest.
constexpr u32 kTxWakeThreshold = 2 * kTxCleanBatch;

u32 used_descriptors(const TxRing& ring) {
    return ring.next_to_use - ring.next_to_clean + (ring.next_to_use < ring.next_to_clean ? ring.entries : 0);
}
/// One descriptor always stays free: head equal to tail means an empty ring (7.2.3.3).
u32 free_descriptors(const TxRing& ring) { return ring.entries - 1 - used_descriptors(ring); }

bool ends_batch(u32 index) { return index % kTxCleanBatch == kTxCleanBatch - 1; }

void advance(TxRing& ring) {
    if (++ring.next_to_use == ring.entries) ring.next_to_use = 0;
}

/// 7.2.3.2.4: the whole frame, FCS by the NIC. RS on the last descriptor of each batch: write-backs come in order, so
/// that one stands for all before it.
void put_data(TxRing& ring, sk_buff* skb) {
    const u32 index = ring.next_to_use;
    u64 words[2] = {};
    nic::TX_READ_ADDRESS.put(words, reinterpret_cast<u64>(skb->data));
    nic::TX_READ_DTALEN.put(words, skb->len);
    nic::TX_READ_DTYP.put(words, nic::kDescriptorTypeAdvancedData);
    nic::TX_READ_EOP.put(words, 1);
    nic::TX_READ_IFCS.put(words, 1);
    nic::TX_READ_RS.put(words, ends_batch(index));
    nic::TX_READ_DEXT.put(words, 1);
    nic::TX_READ_PAYLEN.put(words, skb->len);
    if (unlikely(skb->ip_summed == CHECKSUM_PARTIAL)) {
        nic::TX_READ_CC.put(words, 1);
        nic::TX_READ_TXSM.put(words, 1);
    }
    ring.skb[index] = skb;
    ring.desc[index].word[0] = words[0];
    ring.desc[index].word[1] = words[1];
    advance(ring);
}

/// The NIC keeps a queue's context until the next one (7.2.3.2.3), so it is told only of other headers than before. A
/// context cannot ask for the write-back that ends a batch: there software makes the sum.
void put_context(TxRing& ring, sk_buff* skb) {
    const ixgbe_context context = ixgbe_tx_context(skb);
    const u64 lengths = context.word[0] | context.word[1] << 32;  // neither has more than 32 bits
    if (lengths == ring.context) return;
    if (ends_batch(ring.next_to_use)) return skb_checksum_help(skb);
    ring.context = lengths;
    const u32 index = ring.next_to_use;
    ring.skb[index] = nullptr;
    ring.desc[index].word[0] = context.word[0];
    ring.desc[index].word[1] = context.word[1];
    advance(ring);
}

/// Frees the batches that the NIC has sent.
void free_sent(TxRing& ring) {
    while (used_descriptors(ring) >= kTxCleanBatch) {
        const u32 last = ring.next_to_clean + kTxCleanBatch - 1;
        if (!nic::TX_WB_DD.field.test(ring.desc[last].word[1])) return;
        for (u32 i = ring.next_to_clean; i <= last; ++i) {
            if (likely(ring.skb[i] != nullptr)) consume_skb(ring.skb[i]);
            ring.skb[i] = nullptr;
        }
        ring.next_to_clean = last + 1 == ring.entries ? 0 : last + 1;
    }
}

/// By the line, the transmit cause is enabled only while the queue is stopped; a vector of MSI-X has it always.
bool has_own_cause(const ixgbe_queue* queue) { return queue->tx_cause != queue->rx_cause; }

/// With the ring's lock held.
STAGE void ixgbe_clean_tx_ring(ixgbe_queue* queue) {
    TxRing& ring = queue->tx;
    free_sent(ring);
    if (netif_tx_queue_stopped(ring.txq) && free_descriptors(ring) >= ring.wake_at) {
        ixgbe_count(queue, regs::NicDrv::tx_restart_queue);
        if (has_own_cause(queue)) ixgbe_write(queue->adapter, nic::EIMC, queue->tx_cause);
        netif_tx_wake_queue(ring.txq);
    }
}

/// Stops the queue until the NIC has made room, and looks once more in case it just has.
void wait_for_room(ixgbe_queue* queue) {
    netif_tx_stop_queue(queue->tx.txq);
    if (has_own_cause(queue)) ixgbe_write(queue->adapter, nic::EIMS, queue->tx_cause);
    ixgbe_clean_tx_ring(queue);
}

NetdevTx xmit_locked(ixgbe_queue* queue, sk_buff* skb) {
    TxRing& ring = queue->tx;
    bool offload = skb->ip_summed == CHECKSUM_PARTIAL;
    if (unlikely(offload) && !(queue->adapter->dev.features & NETIF_F_IP_CSUM)) {  // switched off since
        skb_checksum_help(skb);
        offload = false;
    }
    if (free_descriptors(ring) < (offload ? 2 : 1)) {
        ixgbe_count(queue, regs::NicDrv::tx_busy);
        wait_for_room(queue);
        return NETDEV_TX_BUSY;
    }
    const u32 index = ring.next_to_use;
    if (unlikely(offload)) put_context(ring, skb);
    put_data(ring, skb);
    ixgbe_count(queue, regs::NicDrv::tx_packets);
    ixgbe_count(queue, regs::NicDrv::tx_bytes, skb->len);
    hal::write_barrier();
    hal::mmio_write32(ring.tail_register, ring.next_to_use);
    // Batch by batch, without an interrupt: few buffers then take turns, and they stay in the cache.
    if (index % kTxCleanBatch == 0) ixgbe_clean_tx_ring(queue);
    if (unlikely(free_descriptors(ring) == 0)) wait_for_room(queue);
    return NETDEV_TX_OK;
}

}  // namespace

static_assert(kRingEntries % kTxCleanBatch == 0 && kLeastRingEntries % kTxCleanBatch == 0);

int ixgbe_alloc_tx(ixgbe_queue* queue, u32 entries) {
    TxRing& ring = queue->tx;
    if (!ixgbe_take_ring(ring, entries)) return -err::nomem;
    ring.next_to_use = ring.next_to_clean = 0;
    ring.context = 0;
    ring.wake_at = entries / 2 < kTxWakeThreshold ? entries / 2 : kTxWakeThreshold;
    return 0;
}

void ixgbe_clean_tx(ixgbe_queue* queue) {
    const u64 flags = spin_lock_irqsave(queue->tx.lock);
    ixgbe_clean_tx_ring(queue);
    spin_unlock_irqrestore(queue->tx.lock, flags);
}

STAGE NetdevTx ixgbe_xmit_frame(sk_buff* skb, net_device* dev) {
    ixgbe_queue* queue = &static_cast<ixgbe_adapter*>(dev->priv)->queue[skb->queue_mapping];
    const u64 flags = spin_lock_irqsave(queue->tx.lock);  // the interrupt handler cleans, too
    const NetdevTx result = xmit_locked(queue, skb);
    spin_unlock_irqrestore(queue->tx.lock, flags);
    return result;
}

void ixgbe_free_tx(ixgbe_queue* queue) {
    TxRing& ring = queue->tx;
    for (u32 i = 0; i < ring.entries; ++i) {
        if (ring.skb[i]) consume_skb(ring.skb[i]);
        ring.skb[i] = nullptr;
    }
    ixgbe_free_ring(ring);
}

}  // namespace fw
