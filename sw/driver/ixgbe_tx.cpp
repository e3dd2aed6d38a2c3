// SPDX-License-Identifier: Apache-2.0
// Transmit ring (7.2): one descriptor a frame.
#include "sw/driver/ixgbe.h"
#include "sw/kernel/counters.h"

namespace fw {
namespace {

namespace nic = regs::nic;

u32 used_descriptors(const TxRing& ring) {
    return ring.next_to_use - ring.next_to_clean + (ring.next_to_use < ring.next_to_clean ? ring.entries : 0);
}
u32 free_descriptors(const TxRing& ring) { return ring.entries - 1 - used_descriptors(ring); }

/// 7.2.3.2.4: the whole frame, FCS by the NIC. RS on the last descriptor of each batch: write-backs come in order, so
/// that one stands for all before it.
void fill_descriptor(TxRing& ring, u32 index, const sk_buff* skb) {
    u64 words[2] = {};
    nic::TX_READ_ADDRESS.put(words, reinterpret_cast<u64>(skb->data));
    nic::TX_READ_DTALEN.put(words, skb->len);
    nic::TX_READ_DTYP.put(words, nic::kDescriptorTypeAdvancedData);
    nic::TX_READ_EOP.put(words, 1);
    nic::TX_READ_IFCS.put(words, 1);
    nic::TX_READ_RS.put(words, index % kTxCleanBatch == kTxCleanBatch - 1);
    nic::TX_READ_DEXT.put(words, 1);
    nic::TX_READ_PAYLEN.put(words, skb->len);
    ring.desc[index].word[0] = words[0];
    ring.desc[index].word[1] = words[1];
}

/// Frees the batches that the NIC has sent.
void free_sent(TxRing& ring) {
    while (used_descriptors(ring) >= kTxCleanBatch) {
        const u32 last = ring.next_to_clean + kTxCleanBatch - 1;
        if (!nic::TX_WB_DD.field.test(ring.desc[last].word[1])) return;
        for (u32 i = ring.next_to_clean; i <= last; ++i) {
            consume_skb(ring.skb[i]);
            ring.skb[i] = nullptr;
        }
        ring.next_to_clean = last + 1 == ring.entries ? 0 : last + 1;
    }
}

/// With the ring's lock held.
STAGE void ixgbe_clean_tx_ring(ixgbe_adapter* adapter) {
    free_sent(adapter->tx);
    if (netif_queue_stopped(&adapter->dev) && free_descriptors(adapter->tx) >= kTxWakeThreshold) {
        ixgbe_count(adapter, regs::NicDrv::tx_restart_queue);
        ixgbe_write(adapter, nic::EIMC, kTxCause);
        netif_wake_queue(&adapter->dev);
    }
}

/// Stops the queue until the NIC has made room, and looks once more in case it just has.
void wait_for_room(ixgbe_adapter* adapter) {
    netif_stop_queue(&adapter->dev);
    ixgbe_write(adapter, nic::EIMS, kTxCause);
    ixgbe_clean_tx_ring(adapter);
}

NetdevTx xmit_locked(ixgbe_adapter* adapter, sk_buff* skb) {
    TxRing& ring = adapter->tx;
    if (free_descriptors(ring) == 0) {
        ixgbe_count(adapter, regs::NicDrv::tx_busy);
        wait_for_room(adapter);
        return NETDEV_TX_BUSY;
    }
    const u32 index = ring.next_to_use;
    ring.skb[index] = skb;
    fill_descriptor(ring, index, skb);
    ring.next_to_use = index + 1 == ring.entries ? 0 : index + 1;
    dev_count(&adapter->dev, regs::Dev::tx_packets);
    dev_count(&adapter->dev, regs::Dev::tx_bytes, skb->len);
    hal::write_barrier();
    ixgbe_write(adapter, nic::TDT(0), ring.next_to_use);
    // Batch by batch, without an interrupt: few buffers then take turns, and they stay in the cache.
    if (index % kTxCleanBatch == 0) ixgbe_clean_tx_ring(adapter);
    if (unlikely(free_descriptors(ring) == 0)) wait_for_room(adapter);
    return NETDEV_TX_OK;
}

}  // namespace

static_assert(kRingEntries % kTxCleanBatch == 0 && kLeastRingEntries % kTxCleanBatch == 0);

void ixgbe_clean_tx(ixgbe_adapter* adapter) {
    const u64 flags = spin_lock_irqsave(adapter->tx.lock);
    ixgbe_clean_tx_ring(adapter);
    spin_unlock_irqrestore(adapter->tx.lock, flags);
}

STAGE NetdevTx ixgbe_xmit_frame(sk_buff* skb, net_device* dev) {
    auto* adapter = static_cast<ixgbe_adapter*>(dev->priv);
    const u64 flags = spin_lock_irqsave(adapter->tx.lock);  // the interrupt handler cleans, too
    const NetdevTx result = xmit_locked(adapter, skb);
    spin_unlock_irqrestore(adapter->tx.lock, flags);
    return result;
}

void ixgbe_free_tx(ixgbe_adapter* adapter) {
    for (sk_buff*& skb : adapter->tx.skb) {
        if (skb) consume_skb(skb);
        skb = nullptr;
    }
    adapter->tx.next_to_use = adapter->tx.next_to_clean = 0;
}

}  // namespace fw
