// SPDX-License-Identifier: Apache-2.0
// Interrupts: one for everything (line or MSI), or a vector of MSI-X for each pair of queues and one for the other
// causes; and the poll that they set off.
#include "regs/address_map.h"
#include "sw/driver/ixgbe.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/sysctl.h"

namespace fw {
namespace {

namespace nic = regs::nic;
using regs::config::IFF_UP;

constexpr u32 kOtherCauses = static_cast<u32>(nic::EICR_LSC.mask());

bool to_backlog(sk_buff* skb) { return netif_rx(skb) != NET_RX_DROP; }

bool to_stack(sk_buff* skb) {
    napi_gro_receive(skb);
    return true;
}

/// Takes at most one ring's worth, and stops early when the backlog is full: the frames that the stack has no time for
/// stay in the ring and then in the NIC, where dropping them costs no cycles. Else, under overload, the core would
/// spend all its time on taking frames in and throwing them away. True: more may be waiting.
bool clean_rx_to_backlog(ixgbe_queue* queue) {
    return ixgbe_clean_rx(queue, queue->rx.entries, to_backlog) == queue->rx.entries;
}

void link_changed(ixgbe_adapter* adapter) {
    const bool up = nic::LINKS_LINK_UP.test(ixgbe_read(adapter, nic::LINKS));
    ixgbe_count(&adapter->queue[0], regs::NicDrv::lsc_int);
    net_device& dev = adapter->dev;
    dev.flags = up && (dev.flags & IFF_UP) ? dev.flags | kIffRunning : dev.flags & ~kIffRunning;
    printk(6, "%s: NIC Link is %s\n", dev.name, up ? "Up" : "Down");
}

/// "eth0-TxRx-3", as Linux's driver names its vectors.
struct VectorName {
    VectorName(const char* device, const char* kind, u32 number) {
        append(device);
        append(kind);
        if (number >= 10) put(static_cast<char>('0' + number / 10));
        put(static_cast<char>('0' + number % 10));
    }
    void append(const char* part) {
        while (*part) put(*part++);
    }
    void put(char c) {
        if (length + 1 < sizeof text) text[length++] = c;
    }
    char text[regs::kIrqNameBytes] = {};
    unsigned length = 0;
};

/// The byte of IVAR for a queue's causes of one direction (8.2.3.5.16): rx and tx of the even queue, then of the odd.
u32 ivar_byte(u32 queue, bool tx, u32 vector) {
    const u32 entry = vector | static_cast<u32>(nic::IVAR_RX0_VALID.of(1));
    return entry << (queue % 2 * 16 + (tx ? 8 : 0));
}

}  // namespace

/// The queue's interrupt is masked. A frame that came after the last look has set its cause, which then interrupts as
/// soon as it may (8.2.3.5.5).
STAGE u32 ixgbe_poll(napi_struct* napi, u32 budget) {
    auto* queue = static_cast<ixgbe_queue*>(napi->owner);
    const ixgbe_adapter* adapter = queue->adapter;
    if (!(adapter->dev.flags & IFF_UP) || queue->rx.entries == 0) {  // went down meanwhile
        napi_complete(napi);
        return 0;
    }
    ixgbe_clean_tx(queue);
    const u32 work = ixgbe_clean_rx(queue, budget, to_stack);
    if (work == budget) return work;
    napi_complete(napi);
    ixgbe_write(adapter, nic::EIMS, queue->rx_cause | (netif_tx_queue_stopped(queue->tx.txq) ? queue->tx_cause : 0));
    return work;
}

/// By the line or MSI: the first queue, and the other causes.
STAGE void ixgbe_intr(unsigned, void* data) {
    auto* adapter = static_cast<ixgbe_adapter*>(data);
    const u32 causes = ixgbe_read(adapter, nic::EICR);  // clears them, 8.2.3.5.1
    if (!causes) return;                                // a neighbour on the same line
    ixgbe_queue* queue = &adapter->queue[0];
    ixgbe_count(queue, regs::NicDrv::interrupts);
    if (unlikely(causes & kOtherCauses)) link_changed(adapter);
    if (sysctl(SysctlId::napi) != 0) {
        ixgbe_write(adapter, nic::EIMC, queue->rx_cause | queue->tx_cause);
        napi_schedule(&queue->napi);
        return;
    }
    if ((causes & queue->rx_cause) && clean_rx_to_backlog(queue)) ixgbe_write(adapter, nic::EICS, queue->rx_cause);
    // A stopped queue is looked at in any case: the read above may have taken the very cause it waits for.
    if ((causes & queue->tx_cause) || netif_tx_queue_stopped(queue->tx.txq)) ixgbe_clean_tx(queue);
}

/// A vector of a pair of queues. Its message has cleared and masked its cause (EIAC, EIAM).
STAGE void ixgbe_msix_clean_rings(unsigned, void* data) {
    auto* queue = static_cast<ixgbe_queue*>(data);
    ixgbe_count(queue, regs::NicDrv::interrupts);
    if (sysctl(SysctlId::napi) != 0) {
        napi_schedule(&queue->napi);
        return;
    }
    if (queue->rx.entries == 0) return;  // went down meanwhile
    const bool more = clean_rx_to_backlog(queue);
    ixgbe_clean_tx(queue);
    ixgbe_write(queue->adapter, nic::EIMS, queue->rx_cause);
    if (more) ixgbe_write(queue->adapter, nic::EICS, queue->rx_cause);
}

/// The vector of the other causes. With GPIE.OCD reading EICR leaves those of the queues.
STAGE void ixgbe_msix_other(unsigned, void* data) {
    auto* adapter = static_cast<ixgbe_adapter*>(data);
    if (ixgbe_read(adapter, nic::EICR) & kOtherCauses) link_changed(adapter);
    ixgbe_write(adapter, nic::EIMS, kOtherCauses);
}

unsigned ixgbe_cpu_of(const ixgbe_adapter* adapter, u32 queue) { return (adapter->first_cpu + queue) % cpus_online; }

int ixgbe_request_irqs(ixgbe_adapter* adapter, const regs::config::Port& port) {
    if (adapter->interrupts == IxgbeInterrupts::line)
        return request_irq(port.irq_pin, ixgbe_intr, adapter, adapter->first_cpu, adapter->dev.name);
    if (adapter->interrupts == IxgbeInterrupts::msi) {
        const int vector = request_message_irq(ixgbe_intr, adapter, adapter->first_cpu, adapter->dev.name);
        if (vector < 0) return vector;
        ixgbe_set_msi(adapter, adapter->first_cpu, vector);
        return 0;
    }
    for (u32 n = 0; n <= adapter->most_queues; ++n) {
        const bool other = n == adapter->most_queues;
        const unsigned cpu = other ? adapter->first_cpu : ixgbe_cpu_of(adapter, n);
        const VectorName name(adapter->dev.name, "-TxRx-", n);
        const int vector = other ? request_message_irq(ixgbe_msix_other, adapter, cpu, adapter->dev.name)
                                 : request_message_irq(ixgbe_msix_clean_rings, &adapter->queue[n], cpu, name.text);
        if (vector < 0) return vector;
        ixgbe_set_msix_vector(adapter, n, cpu, vector);
    }
    ixgbe_enable_msix(adapter);
    return 0;
}

/// 4.6.6. By the line, the transmit cause is enabled only while the queue waits for room; a vector of MSI-X stands for
/// both causes of its queues.
void ixgbe_start_interrupts(const ixgbe_adapter* adapter) {
    u32 enabled = kOtherCauses;
    if (adapter->interrupts == IxgbeInterrupts::msix) {
        // As Linux's driver: a message clears its queues' cause and masks it (7.3.1.4, 7.3.1.5).
        ixgbe_write(
            adapter, nic::GPIE,
            nic::GPIE_MULTIPLE_MSIX.of(1) | nic::GPIE_OCD.of(1) | nic::GPIE_EIAME.of(1) | nic::GPIE_PBA_SUPPORT.of(1));
        const u32 queues = static_cast<u32>(nic::EICR_RTXQ.mask());
        ixgbe_write(adapter, nic::EIAC, queues);
        ixgbe_write(adapter, nic::EIAM, queues);
        ixgbe_write(adapter, nic::IVAR_MISC,
                    nic::IVAR_MISC_OTHER.of(adapter->most_queues) | nic::IVAR_MISC_OTHER_VALID.of(1));
    }
    const bool shared = adapter->interrupts == IxgbeInterrupts::msix;
    for (u32 n = 0; n < adapter->queues; n += 2) {
        u32 ivar = 0;
        for (u32 q = n; q < n + 2 && q < adapter->queues; ++q)
            ivar |= ivar_byte(q, false, q) | ivar_byte(q, true, shared ? q : 1);
        ixgbe_write(adapter, nic::IVAR(n / 2), ivar);
    }
    for (u32 n = 0; n < adapter->queues; ++n) enabled |= adapter->queue[n].rx_cause;
    ixgbe_write_itr(adapter);
    ixgbe_read(adapter, nic::EICR);  // what is pending is of the time before
    ixgbe_write(adapter, nic::EIMS, enabled);
}

void ixgbe_write_itr(const ixgbe_adapter* adapter) {
    for (u32 n = 0; n < adapter->queues; ++n)
        ixgbe_write(adapter, nic::eitr(n), nic::EITR_INTERVAL.of(adapter->itr_interval));
}

}  // namespace fw
