// SPDX-License-Identifier: Apache-2.0
// Driver of the Intel 82599 10 GbE controller. Sections named here and in the sources are those of its data sheet
// (331520-005).
#pragma once
#include "regs/config.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/softnet.h"
#include "sw/kernel/spinlock.h"

namespace fw {

/// Descriptors of a ring as long as nobody says otherwise, and at most and at least (Linux
/// drivers/net/ethernet/intel/ixgbe/ixgbe.h, IXGBE_MAX_RXD and IXGBE_MIN_RXD).
inline constexpr u32 kRingEntries = 512, kMostRingEntries = 4096, kLeastRingEntries = 64;
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
    alignas(128) Descriptor desc[kMostRingEntries];  // 128-byte aligned, 8.2.3.8.1
    sk_buff* skb[kMostRingEntries];
    u32 entries;
    u32 next_to_clean;
    u32 pending;  ///< filled, but not yet told to the NIC
    u32 tail;
    bool in_frame;  ///< within a frame of several buffers
};

struct TxRing {
    alignas(128) Descriptor desc[kMostRingEntries];
    sk_buff* skb[kMostRingEntries];
    u32 entries;
    u32 next_to_use;
    u32 next_to_clean;
    spinlock lock;  ///< sending and cleaning may go on in different CPUs
};

struct ixgbe_adapter {
    RxRing rx;
    TxRing tx;
    net_device dev;
    napi_struct napi;
    u32 itr_interval;  ///< of EITR
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
void ixgbe_write_itr(const ixgbe_adapter* adapter);
/// Least time between two interrupts as long as nobody says otherwise, in units of 2.048 us at 10 Gbit/s (8.2.3.5.12):
/// 10.24 us, at most 97,656 interrupts a second. A frame after a pause is not held up; under load about 150 minimum
/// frames share an interrupt.
inline constexpr u32 kItrInterval = 5;

// ixgbe_ethtool.cpp
int ixgbe_set_ringparam(net_device* dev, u32 rx, u32 tx);
int ixgbe_set_coalesce(net_device* dev, u32 rx_usecs);

// ixgbe_main.cpp
int ixgbe_open(net_device* dev);
void ixgbe_stop(net_device* dev);

// ixgbe_rx.cpp
int ixgbe_alloc_rx(ixgbe_adapter* adapter);
void ixgbe_free_rx(ixgbe_adapter* adapter);
/// Hands received frames up; how many. `budget`: more may be waiting, also because `hand_up` would take no more.
STAGE u32 ixgbe_clean_rx(ixgbe_adapter* adapter, u32 budget, bool (*hand_up)(sk_buff*));

// ixgbe_tx.cpp
OBSERVED NetdevTx ixgbe_xmit_frame(sk_buff* skb, net_device* dev);
void ixgbe_clean_tx(ixgbe_adapter* adapter);
void ixgbe_free_tx(ixgbe_adapter* adapter);

}  // namespace fw
