// SPDX-License-Identifier: Apache-2.0
// Registers of the NIC: the initialisation sequence of section 4.6.3, step by step.
#include "sw/driver/ixgbe.h"
#include "sw/kernel/dev_mcast.h"
#include "sw/kernel/error.h"
#include "sw/kernel/printk.h"

namespace fw {
namespace {

namespace nic = regs::nic;
using regs::Field;

constexpr u32 kAllCauses = 0x7FFFFFFF;
constexpr unsigned kPollLimit = 100000;  // register reads, far beyond the milliseconds of 4.6.3.2

constexpr u32 kStandardFrameBytes = 1518;  // IEEE 802.3 3.2.7, what the MAC takes without JUMBOEN
constexpr u32 kFrameOverhead = 14 + 4;     // Ethernet header and FCS

void set_bits(const ixgbe_adapter* adapter, u64 reg, u64 bits) {
    ixgbe_write(adapter, reg, ixgbe_read(adapter, reg) | bits);
}
void clear_bits(const ixgbe_adapter* adapter, u64 reg, u64 bits) {
    ixgbe_write(adapter, reg, ixgbe_read(adapter, reg) & ~bits);
}

int poll(const ixgbe_adapter* adapter, u64 reg, Field field, bool wanted) {
    for (unsigned i = 0; i < kPollLimit; ++i) {
        if (field.test(ixgbe_read(adapter, reg)) == wanted) return 0;
    }
    printk(3, "%s: register 0x%lx does not change\n", adapter->dev.name, reg);
    return -err::io;
}

/// 4.6.3.1: no interrupts while the device is being set up; the read clears what is pending.
void mask_interrupts(const ixgbe_adapter* adapter) {
    ixgbe_write(adapter, nic::EIMC, kAllCauses);
    ixgbe_read(adapter, nic::EICR);
}

/// 8.2.3.7.9, 8.2.3.7.10: the port's own address in entry 0.
void set_mac_address(const ixgbe_adapter* adapter) {
    const u8* mac = adapter->dev.dev_addr;
    const u32 low = mac[0] | u32{mac[1]} << 8 | u32{mac[2]} << 16 | u32{mac[3]} << 24;
    const u32 high = mac[4] | u32{mac[5]} << 8;
    ixgbe_write(adapter, nic::RAL(0), low);
    ixgbe_write(adapter, nic::RAH(0), nic::RAH_ADDRESS.of(high) | nic::RAH_AV.of(1));
}

/// 7.1.1.2, table 7-2 with MCSTCTRL.MO = 0: bits 47 to 36 of a group's address pick one of 4,096 bits.
void set_groups(const ixgbe_adapter* adapter) {
    u32 table[nic::MTA_COUNT] = {};
    const dev_mc_list& list = dev_mc_list_of(&adapter->dev);
    for (u32 i = 0; i < list.count; ++i) {
        const u8* mac = list.address[i];
        const u32 bit = (mac[4] >> 4) | (u32{mac[5]} << 4);
        table[bit / 32] |= 1U << bit % 32;
    }
    for (unsigned n = 0; n < nic::MTA_COUNT; ++n) ixgbe_write(adapter, nic::MTA(n), table[n]);
}

/// 8.2.3.22.8, 8.2.3.22.13: how long a frame may be.
void set_longest_frame(const ixgbe_adapter* adapter) {
    const u32 longest = adapter->dev.mtu + kFrameOverhead;
    if (longest > kStandardFrameBytes) {
        ixgbe_write(adapter, nic::MAXFRS, nic::MAXFRS_MFS.of(longest));
        set_bits(adapter, nic::HLREG0, nic::HLREG0_JUMBOEN.of(1));
    } else {
        clear_bits(adapter, nic::HLREG0, nic::HLREG0_JUMBOEN.of(1));
    }
}

/// 4.6.7, first part: filters and frame format, for all queues.
void init_receive(const ixgbe_adapter* adapter) {
    set_mac_address(adapter);
    set_groups(adapter);
    ixgbe_write(adapter, nic::MCSTCTRL, nic::MCSTCTRL_MFE.of(1));
    // The FCS is stripped in both places or in neither, 8.2.3.22.8.
    set_bits(adapter, nic::HLREG0, nic::HLREG0_RXCRCSTRP.of(1));
    set_bits(adapter, nic::RDRXCTL, nic::RDRXCTL_CRCSTRIP.of(1));
    set_longest_frame(adapter);
}

/// With several queues one whose CPU has no time must not hold the others up (Linux ixgbe_set_rx_drop_en).
u64 receive_control(const ixgbe_adapter* adapter) {
    return nic::SRRCTL_BSIZEPACKET.of(kRxBufferKib) | nic::SRRCTL_DESCTYPE.of(nic::kDescriptorTypeAdvancedOneBuffer) |
           nic::SRRCTL_DROP_EN.of(adapter->queues > 1 ? 1 : 0);
}

/// 4.6.7.1: a receive queue; the tail is written once the queue is on.
int start_rx_queue(const ixgbe_adapter* adapter, u32 n) {
    const RxRing& ring = adapter->queue[n].rx;
    const u64 base = reinterpret_cast<u64>(ring.desc);
    ixgbe_write(adapter, nic::RDBAL(n), base & 0xFFFFFFFF);
    ixgbe_write(adapter, nic::RDBAH(n), base >> 32);
    ixgbe_write(adapter, nic::RDLEN(n), ring.entries * sizeof(Descriptor));
    ixgbe_write(adapter, nic::SRRCTL(n), receive_control(adapter));
    ixgbe_write(adapter, nic::RXDCTL(n), nic::RXDCTL_ENABLE.of(1));
    const int error = poll(adapter, nic::RXDCTL(n), nic::RXDCTL_ENABLE, true);
    if (error) return error;
    hal::write_barrier();
    ixgbe_write(adapter, nic::RDT(n), ring.tail);
    return 0;
}

/// 4.6.7: receive is enabled last.
int start_receive(const ixgbe_adapter* adapter) {
    ixgbe_setup_rss(adapter);
    for (u32 n = 0; n < adapter->queues; ++n) {
        if (const int error = start_rx_queue(adapter, n)) return error;
    }
    ixgbe_write(adapter, nic::CTRL_EXT, nic::CTRL_EXT_NS_DIS.of(1) | nic::CTRL_EXT_DRV_LOAD.of(1));
    ixgbe_write(adapter, nic::RXCTRL, nic::RXCTRL_RXEN.of(1));
    return 0;
}

int start_tx_queue(const ixgbe_adapter* adapter, u32 n) {
    const TxRing& ring = adapter->queue[n].tx;
    const u64 base = reinterpret_cast<u64>(ring.desc);
    ixgbe_write(adapter, nic::TDBAL(n), base & 0xFFFFFFFF);
    ixgbe_write(adapter, nic::TDBAH(n), base >> 32);
    ixgbe_write(adapter, nic::TDLEN(n), ring.entries * sizeof(Descriptor));
    ixgbe_write(adapter, nic::TXDCTL(n), nic::TXDCTL_ENABLE.of(1));
    const int error = poll(adapter, nic::TXDCTL(n), nic::TXDCTL_ENABLE, true);
    if (error) return error;
    ixgbe_write(adapter, nic::TDT(n), 0);
    return 0;
}

/// 4.6.8: transmit; short frames are padded and every frame gets its FCS.
int start_transmit(const ixgbe_adapter* adapter) {
    set_bits(adapter, nic::HLREG0, nic::HLREG0_TXCRCEN.of(1) | nic::HLREG0_TXPADEN.of(1));
    set_bits(adapter, nic::DMATXCTL, nic::DMATXCTL_TE.of(1));
    for (u32 n = 0; n < adapter->queues; ++n) {
        if (const int error = start_tx_queue(adapter, n)) return error;
    }
    return 0;
}

}  // namespace

/// 5.2.5.3.2: no request of ours is under way when the reset comes. 4.6.3.2: both resets, then EEPROM read and DMA
/// initialisation are awaited, and interrupts masked once more.
int ixgbe_reset_hw(ixgbe_adapter* adapter) {
    mask_interrupts(adapter);
    ixgbe_write(adapter, nic::CTRL, nic::CTRL_PCIE_MASTER_DISABLE.of(1));
    int error = poll(adapter, nic::STATUS, nic::STATUS_PCIE_MASTER_ENABLE, false);
    if (error) return error;
    ixgbe_write(adapter, nic::CTRL, nic::CTRL_LRST.of(1) | nic::CTRL_RST.of(1));
    error = poll(adapter, nic::CTRL, nic::CTRL_RST, false);
    if (!error) error = poll(adapter, nic::EEC, nic::EEC_AUTO_RD, true);
    if (!error) error = poll(adapter, nic::RDRXCTL, nic::RDRXCTL_DMAIDONE, true);
    mask_interrupts(adapter);
    set_mac_address(adapter);
    return error;
}

int ixgbe_up_hw(ixgbe_adapter* adapter) {
    set_bits(adapter, nic::AUTOC, nic::AUTOC_RESTART_AN.of(1));  // 4.6.4: the link comes up by itself
    init_receive(adapter);
    int error = start_transmit(adapter);
    if (!error) error = start_receive(adapter);
    if (!error) ixgbe_start_interrupts(adapter);
    return error;
}

/// 4.6.7.1.2 and 4.6.8.1: queues off, in the order in which frames would come in.
void ixgbe_down_hw(ixgbe_adapter* adapter) {
    mask_interrupts(adapter);
    ixgbe_write(adapter, nic::RXCTRL, 0);
    for (u32 n = 0; n < adapter->queues; ++n) {
        ixgbe_write(adapter, nic::RXDCTL(n), 0);
        poll(adapter, nic::RXDCTL(n), nic::RXDCTL_ENABLE, false);
    }
    for (u32 n = 0; n < adapter->queues; ++n) {
        ixgbe_write(adapter, nic::TXDCTL(n), 0);
        poll(adapter, nic::TXDCTL(n), nic::TXDCTL_ENABLE, false);
    }
}

void ixgbe_set_rx_mode(net_device* dev) {
    const auto* adapter = static_cast<ixgbe_adapter*>(dev->priv);
    const bool all = dev->flags & regs::config::IFF_PROMISC;
    const bool groups = dev_takes_all_groups(dev);
    set_mac_address(adapter);
    set_groups(adapter);
    set_longest_frame(adapter);
    ixgbe_write(adapter, nic::FCTRL,
                nic::FCTRL_BAM.of(1) | nic::FCTRL_MPE.of(groups ? 1 : 0) | nic::FCTRL_UPE.of(all ? 1 : 0));
}

}  // namespace fw
