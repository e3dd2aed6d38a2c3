// SPDX-License-Identifier: Apache-2.0
// Driver of the Intel 82599 10 GbE controller. Sections named here and in the sources are those of its data sheet
// (331520-005).
#pragma once
#include "regs/config.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/spinlock.h"

namespace fw {

inline constexpr unsigned kRingEntries = 512;
/// Buffer size told to the NIC in SRRCTL, in units of 1 KiB.
inline constexpr unsigned kRxBufferKib = 2;
inline constexpr unsigned kRxBufferBytes = kRxBufferKib * 1024;
/// Largest MTU: the frame with its FCS fits one buffer.
inline constexpr u32 kMaxMtu = kRxBufferBytes - 14 - 4;
/// Descriptors handed back to the NIC with one tail write.
inline constexpr unsigned kRxTailBatch = 16;
/// Every so many tx descriptors one asks for write-back (RS), and clean-up goes by such batches.
inline constexpr unsigned kTxCleanBatch = 32;
/// Free tx descriptors that wake the device's queue; none stops it. One descriptor always stays free: head equal to
/// tail means an empty ring (7.2.3.3).
inline constexpr unsigned kTxWakeThreshold = 2 * kTxCleanBatch;

/// EICR bits that IVAR(0) gives to the two queues (4.6.6, 7.3.4.1).
inline constexpr u32 kRxCause = 1U << 0;
inline constexpr u32 kTxCause = 1U << 1;

struct alignas(16) Descriptor {
    volatile u64 word[2];
};

struct RxRing {
    alignas(128) Descriptor desc[kRingEntries];  // 128-byte aligned, 8.2.3.8.1
    sk_buff* skb[kRingEntries];
    u32 next_to_clean;
    u32 pending;  ///< filled, but not yet told to the NIC
    u32 tail;
    bool in_frame;  ///< within a frame of several buffers
};

struct TxRing {
    alignas(128) Descriptor desc[kRingEntries];
    sk_buff* skb[kRingEntries];
    u32 next_to_use;
    u32 next_to_clean;
    spinlock lock;  ///< sending and cleaning may go on in different CPUs
};

struct ixgbe_adapter {
    RxRing rx;
    TxRing tx;
    net_device dev;
    u64 bar;
    u64* counters;  ///< regs::NicDrv row of turnpike_counters
};

inline u32 ixgbe_read(const ixgbe_adapter* adapter, u64 reg) { return hal::mmio_read32(adapter->bar + reg); }
inline void ixgbe_write(const ixgbe_adapter* adapter, u64 reg, u64 value) {
    hal::mmio_write32(adapter->bar + reg, static_cast<u32>(value));
}
inline void ixgbe_count(ixgbe_adapter* adapter, regs::NicDrv counter) {
    ++adapter->counters[static_cast<unsigned>(counter)];
}

/// Makes a port of a configuration message known as a network device. 0 or -errno.
int ixgbe_probe(const regs::config::Port& port);

// ixgbe_hw.cpp: the initialisation sequence of 4.6.3.
int ixgbe_reset_hw(ixgbe_adapter* adapter);
int ixgbe_up_hw(ixgbe_adapter* adapter);
void ixgbe_down_hw(ixgbe_adapter* adapter);
void ixgbe_set_rx_mode(net_device* dev);

// ixgbe_rx.cpp
int ixgbe_alloc_rx(ixgbe_adapter* adapter);
void ixgbe_free_rx(ixgbe_adapter* adapter);
/// Hands received frames up. True: more may be waiting.
bool ixgbe_clean_rx(ixgbe_adapter* adapter);

// ixgbe_tx.cpp
OBSERVED NetdevTx ixgbe_xmit_frame(sk_buff* skb, net_device* dev);
void ixgbe_clean_tx(ixgbe_adapter* adapter);
void ixgbe_free_tx(ixgbe_adapter* adapter);

}  // namespace fw
