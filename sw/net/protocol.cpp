// SPDX-License-Identifier: Apache-2.0
// Protocols above IP by number (Linux net/ipv4/protocol.c). The number itself is the hash, as MAX_INET_PROTOS is 256.
#include "sw/kernel/error.h"
#include "sw/net/ip.h"

namespace fw {
namespace {

constexpr unsigned kMaxInetProtos = 256;
constinit net_protocol inet_protos[kMaxInetProtos] = {};

}  // namespace

int inet_add_protocol(net_protocol handler, u8 protocol) {
    if (inet_protos[protocol]) return -err::exist;
    inet_protos[protocol] = handler;
    return 0;
}

int inet_del_protocol(net_protocol handler, u8 protocol) {
    if (inet_protos[protocol] != handler) return -err::noent;
    inet_protos[protocol] = nullptr;
    return 0;
}

net_protocol inet_protocol_of(u8 protocol) { return inet_protos[protocol]; }

void inet_no_listener(sk_buff* skb) {
    const u8 type = skb->dst->type;
    const bool group = type == regs::config::RTN_BROADCAST || type == regs::config::RTN_MULTICAST;
    kfree_skb_reason(skb, group ? Fate::local_broadcast : Fate::proto_unreachable);
}

void inet_protocols_init() {
    for (net_protocol& handler : inet_protos) handler = nullptr;
    // The protocols that every Linux host has; of these only UDP looks at its packets, since the router has no sockets.
    inet_protos[wire::IPPROTO_ICMP] = inet_no_listener;
    inet_protos[wire::IPPROTO_IGMP] = inet_no_listener;
    inet_protos[wire::IPPROTO_TCP] = inet_no_listener;
    inet_protos[wire::IPPROTO_UDP] = udp_rcv;
}

}  // namespace fw
