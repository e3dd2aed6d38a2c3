// SPDX-License-Identifier: Apache-2.0
// Checksums of TCP and UDP: what the NIC found out about received ones (7.1.11), and what it needs to know to make one
// (7.2.5).
#include "sw/driver/ixgbe.h"
#include "sw/wire/ethernet.h"
#include "sw/wire/ipv4.h"

namespace fw {
namespace {
namespace nic = regs::nic;
}  // namespace

// Linux ixgbe_rx_checksum: a wrong one is left to the stack to find, which counts it by protocol.
void ixgbe_rx_checksum(ixgbe_queue* queue, sk_buff* skb, u64 status) {
    if (!(queue->adapter->dev.features & NETIF_F_RXCSUM) || !nic::RX_WB_L4I.field.test(status)) return;
    if (unlikely(nic::RX_WB_L4E.field.test(status))) {
        ixgbe_count(queue, regs::NicDrv::hw_csum_rx_error);
    } else {
        skb->ip_summed = CHECKSUM_UNNECESSARY;
    }
}

ixgbe_context ixgbe_tx_context(const sk_buff* skb) {
    const u32 network = skb->network_header - skb_headroom(skb);
    const u32 transport = skb->transport_header - skb_headroom(skb);
    const u8 protocol = wire::Ipv4(skb->data + network).protocol();
    u64 words[2] = {};
    nic::TX_CONTEXT_MACLEN.put(words, network);
    nic::TX_CONTEXT_IPLEN.put(words, transport - network);
    nic::TX_CONTEXT_IPV4.put(words, 1);
    nic::TX_CONTEXT_L4T.put(words, protocol == wire::IPPROTO_TCP ? nic::kContextTcp : nic::kContextUdp);
    nic::TX_CONTEXT_DTYP.put(words, nic::kDescriptorTypeContext);
    nic::TX_CONTEXT_DEXT.put(words, 1);
    return {{words[0], words[1]}};
}

}  // namespace fw
