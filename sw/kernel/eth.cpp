// SPDX-License-Identifier: Apache-2.0
// The Ethernet header of a received frame (Linux net/ethernet/eth.c).
#include "sw/kernel/netdevice.h"
#include "sw/wire/ethernet.h"

namespace fw {
namespace {

constexpr unsigned kLeastEtherType = 0x0600;  // below it the field is a length, IEEE 802.3 3.2.6
constexpr u16 kEthP8022 = 0x0004;             // ETH_P_802_2, the name for such frames

u64 load_address(const u8* from) { return wire::load32(from) | u64{wire::load16(from + 4)} << 32; }

PacketType packet_type_of(u64 destination, u64 own) {
    constexpr u64 kBroadcast = 0xFFFFFFFFFFFF;
    constexpr u64 kGroupBit = 1;  // IEEE 802 8.2: the first bit on the wire
    if (likely(destination == own)) return PACKET_HOST;
    if (!(destination & kGroupBit)) return PACKET_OTHERHOST;
    return destination == kBroadcast ? PACKET_BROADCAST : PACKET_MULTICAST;
}

}  // namespace

u16 eth_protocol(u16 type) { return wire::swap16(type >= kLeastEtherType ? type : kEthP8022); }

void eth_type_trans(sk_buff* skb, net_device* dev) {
    const u8* header = skb->data;
    skb->dev = dev;
    skb->mac_header = skb_headroom(skb);
    skb_pull(skb, wire::kEthHeaderBytes);
    skb->pkt_type = packet_type_of(load_address(header + wire::kEthDestination), load_address(dev->dev_addr));
    skb->protocol = eth_protocol(wire::get16(header + wire::kEthType));
}

}  // namespace fw
