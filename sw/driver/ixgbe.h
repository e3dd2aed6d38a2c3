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

/// Descriptors of a port's rings of one direction as long as nobody says otherwise: shared out among its queues.
inline constexpr u32 kRingEntries = 512;
/// Descriptors of one ring at most and at least (Linux drivers/net/ethernet/intel/ixgbe/ixgbe.h, IXGBE_MAX_RXD and
/// IXGBE_MIN_RXD).
inline constexpr u32 kMostRingEntries = 4096, kLeastRingEntries = 64;
/// Buffer size told to the NIC in SRRCTL, in units of 1 KiB.
inline constexpr unsigned kRxBufferKib = 2;
inline constexpr unsigned kRxBufferBytes = kRxBufferKib * 1024;
/// Largest MTU: the frame with its FCS fits one buffer.
inline constexpr u32 kMaxMtu = kRxBufferBytes - 14 - 4;
/// Descriptors handed back to the NIC with one tail write.
inline constexpr unsigned kRxTailBatch = 16;
/// Every so many tx descriptors one asks for write-back (RS), and clean-up goes by such batches.
inline constexpr unsigned kTxCleanBatch = 32;
/// Least time between two interrupts as long as nobody says otherwise, in units of 2.048 us at 10 Gbit/s (8.2.3.5.12):
/// 10.24 us, at most 97,656 interrupts a second. A frame after a pause is not held up; under load about 150 minimum
/// frames share an interrupt.
inline constexpr u32 kItrInterval = 5;

struct alignas(16) Descriptor {
    volatile u64 word[2];
};

/// A ring's memory (ixgbe_rings.cpp), and the register of its tail. No entries: it has none.
struct Ring {
    Descriptor* desc;
    sk_buff** skb;
    u32 entries;
    u64 tail_register;
};

struct RxRing : Ring {
    u32 next_to_clean;
    u32 pending;  ///< filled, but not yet told to the NIC
    u32 tail;
    bool in_frame;  ///< within a frame of several buffers
};

struct TxRing : Ring {
    u32 next_to_use;
    u32 next_to_clean;
    u32 wake_at;  ///< free descriptors that wake the device's queue; none stops it
    u64 context;  ///< the last context descriptor's header lengths (ixgbe_tx_csum.cpp); 0: none yet
    netdev_queue* txq;
    spinlock lock;  ///< sending and cleaning may go on in different CPUs
};

struct ixgbe_adapter;

/// A pair of queues, with one number on either side, and what takes its interrupts. On lines of its own, as it belongs
/// to one CPU.
struct alignas(64) ixgbe_queue {
    RxRing rx;
    alignas(64) TxRing tx;
    alignas(64) napi_struct napi;
    ixgbe_adapter* adapter;
    u64* counters;  ///< regs::NicDrv row of turnpike_counters
    u32 number;
    u32 rx_cause, tx_cause;  ///< EICR bits (4.6.6, 7.3.4.1); with MSI-X both are that of the queue's vector
};

/// How the port interrupts (7.3.1).
enum class IxgbeInterrupts : u8 { line, msi, msix };

struct ixgbe_adapter {
    ixgbe_queue queue[regs::kMaxQueues];
    net_device dev;
    u32 queues;  ///< in use
    u32 most_queues;
    u32 rx_entries, tx_entries;  ///< of each ring
    u32 itr_interval;            ///< of EITR
    u32 first_cpu;               ///< queue n belongs to the n-th CPU from this one on
    IxgbeInterrupts interrupts;
    bool udp_ports;  ///< RSS hashes the ports of UDP, too
    u64 bar;
    u64 config_space;  ///< 0: none
    u64 msix_table;
};

inline u32 ixgbe_read(const ixgbe_adapter* adapter, u64 reg) { return hal::mmio_read32(adapter->bar + reg); }
inline void ixgbe_write(const ixgbe_adapter* adapter, u64 reg, u64 value) {
    hal::mmio_write32(adapter->bar + reg, static_cast<u32>(value));
}
inline void ixgbe_count(ixgbe_queue* queue, regs::NicDrv counter, u64 amount = 1) {
    queue->counters[static_cast<unsigned>(counter)] += amount;
}

/// Makes a port of a configuration message known as a network device. 0 or -errno.
int ixgbe_probe(const regs::config::Port& port);

// ixgbe_hw.cpp: the initialisation sequence of 4.6.3.
int ixgbe_reset_hw(ixgbe_adapter* adapter);
int ixgbe_up_hw(ixgbe_adapter* adapter);
void ixgbe_down_hw(ixgbe_adapter* adapter);
void ixgbe_set_rx_mode(net_device* dev);

// ixgbe_rss.cpp
void ixgbe_setup_rss(const ixgbe_adapter* adapter);

// ixgbe_msi.cpp: PCI configuration space.
/// The way to interrupt that is wanted, or the next one that the device has.
IxgbeInterrupts ixgbe_choose_interrupts(ixgbe_adapter* adapter, IxgbeInterrupts wanted);
/// Has MSI-X vector `entry` raise `vector` of a CPU.
void ixgbe_set_msix_vector(const ixgbe_adapter* adapter, u32 entry, unsigned cpu, int vector);
void ixgbe_set_msi(const ixgbe_adapter* adapter, unsigned cpu, int vector);
void ixgbe_enable_msix(const ixgbe_adapter* adapter);

// ixgbe_irq.cpp
/// Asks for the port's interrupts, once. 0 or -errno.
int ixgbe_request_irqs(ixgbe_adapter* adapter, const regs::config::Port& port);
/// Which causes interrupt by which vector, and how often; then lets them.
void ixgbe_start_interrupts(const ixgbe_adapter* adapter);
void ixgbe_write_itr(const ixgbe_adapter* adapter);
unsigned ixgbe_cpu_of(const ixgbe_adapter* adapter, u32 queue);
STAGE u32 ixgbe_poll(napi_struct* napi, u32 budget);

// ixgbe_ethtool.cpp
int ixgbe_set_ringparam(net_device* dev, u32 rx, u32 tx);
int ixgbe_set_coalesce(net_device* dev, u32 rx_usecs, u32 tx_usecs);
u32 ixgbe_get_coalesce(const net_device* dev);
int ixgbe_set_channels(net_device* dev, u32 combined);
int ixgbe_set_udp_ports(net_device* dev, bool hashed);

// ixgbe_main.cpp
int ixgbe_open(net_device* dev);
void ixgbe_stop(net_device* dev);
/// So many queues from now on, of a port that is down: which CPU sends by which.
void ixgbe_use_queues(ixgbe_adapter* adapter, u32 queues);

// ixgbe_rings.cpp
/// False: there is not enough memory for rings.
bool ixgbe_take_ring(Ring& ring, u32 entries);
void ixgbe_free_ring(Ring& ring);

// ixgbe_rx.cpp
int ixgbe_alloc_rx(ixgbe_queue* queue, u32 entries);
void ixgbe_free_rx(ixgbe_queue* queue);
/// Hands received frames up; how many. `budget`: more may be waiting, also because `hand_up` would take no more.
STAGE u32 ixgbe_clean_rx(ixgbe_queue* queue, u32 budget, bool (*hand_up)(sk_buff*));

// ixgbe_tx.cpp
int ixgbe_alloc_tx(ixgbe_queue* queue, u32 entries);
OBSERVED NetdevTx ixgbe_xmit_frame(sk_buff* skb, net_device* dev);
void ixgbe_clean_tx(ixgbe_queue* queue);
void ixgbe_free_tx(ixgbe_queue* queue);

// ixgbe_csum.cpp
/// What the NIC says about the transport checksum, from both words of the write-back descriptor.
void ixgbe_rx_checksum(ixgbe_queue* queue, sk_buff* skb, u64 status);
/// The context descriptor that a packet with CHECKSUM_PARTIAL needs (7.2.3.2.3).
struct ixgbe_context {
    u64 word[2];
};
ixgbe_context ixgbe_tx_context(const sk_buff* skb);

}  // namespace fw
