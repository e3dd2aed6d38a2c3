// SPDX-License-Identifier: Apache-2.0
// Protocols above IP (Linux 2.4 net/ipv4/protocol.c): chains by protocol number. Several may take the same protocol;
// all but the last of them get a copy of each packet.
#include "sw/kernel/error.h"
#include "sw/net/icmp.h"
#include "sw/net/igmp.h"
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/net/udp.h"

namespace fw {
namespace {

constexpr unsigned MAX_INET_PROTOS = 32;
constinit inet_protocol* inet_protos[MAX_INET_PROTOS] = {};

inet_protocol** chain_of(u8 protocol) { return &inet_protos[protocol % MAX_INET_PROTOS]; }

/// The first at or behind `at` that takes the protocol.
inet_protocol* first_of(inet_protocol* at, u8 protocol) {
    while (at && at->protocol != protocol) at = at->next;
    return at;
}

/// Whoever has another one of its protocol behind it must leave the packet to it.
void mark_copies(u8 protocol) {
    for (inet_protocol* at = first_of(*chain_of(protocol), protocol); at; at = first_of(at->next, protocol)) {
        at->copy = first_of(at->next, protocol) != nullptr;
    }
}

/// PIM registers (Linux net/ipv4/ipmr.c, pim_rcv) are for a routing daemon's register interface, which there is none
/// of.
void pim_rcv(sk_buff* skb) { kfree_skb_reason(skb, Fate::proto_unreachable); }

// The protocols that every Linux host has.
constinit inet_protocol icmp_protocol = {.handler = icmp_rcv, .err_handler = icmp_err, .protocol = wire::IPPROTO_ICMP};
constinit inet_protocol igmp_protocol = {.handler = igmp_rcv, .protocol = wire::IPPROTO_IGMP};
constinit inet_protocol tcp_protocol = {.handler = tcp_v4_rcv,
                                        .err_handler = tcp_v4_err,
                                        .protocol = wire::IPPROTO_TCP,
                                        .icmp_strict_tag_validation = true};
constinit inet_protocol udp_protocol = {.handler = udp_rcv, .err_handler = udp_err, .protocol = wire::IPPROTO_UDP};
constinit inet_protocol udplite_protocol = {
    .handler = udplite_rcv, .err_handler = udplite_err, .protocol = wire::IPPROTO_UDPLITE};
constinit inet_protocol pim_protocol = {.handler = pim_rcv, .protocol = wire::IPPROTO_PIM};

}  // namespace

int inet_add_protocol(inet_protocol* proto) {
    inet_protocol** chain = chain_of(proto->protocol);
    for (const inet_protocol* at = *chain; at; at = at->next) {
        if (at == proto) return -err::exist;
    }
    proto->next = *chain;
    *chain = proto;
    mark_copies(proto->protocol);
    return 0;
}

int inet_del_protocol(inet_protocol* proto) {
    inet_protocol** link = chain_of(proto->protocol);
    while (*link && *link != proto) link = &(*link)->next;
    if (!*link) return -err::noent;
    *link = proto->next;
    mark_copies(proto->protocol);
    return 0;
}

const inet_protocol* inet_protocol_of(u8 protocol) { return first_of(*chain_of(protocol), protocol); }
const inet_protocol* inet_protocol_next(const inet_protocol* proto) { return first_of(proto->next, proto->protocol); }

void inet_no_listener(sk_buff* skb) {
    const u8 type = skb->dst->type;
    const bool group = type == regs::config::RTN_BROADCAST || type == regs::config::RTN_MULTICAST;
    kfree_skb_reason(skb, group ? Fate::local_broadcast : Fate::proto_unreachable);
}

void inet_protocols_init() {
    for (inet_protocol*& chain : inet_protos) chain = nullptr;
    inet_add_protocol(&icmp_protocol);
    inet_add_protocol(&igmp_protocol);
    inet_add_protocol(&tcp_protocol);
    inet_add_protocol(&udp_protocol);
    inet_add_protocol(&udplite_protocol);
    inet_add_protocol(&pim_protocol);
}

}  // namespace fw
