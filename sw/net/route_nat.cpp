// SPDX-License-Identifier: Apache-2.0
// Route NAT, the "dumb NAT" of the documents: addresses are rewritten one for one, without state (Linux 2.2/2.4
// net/ipv4/ip_nat_dumb.c; net/ipv4/fib_rules.c, fib_rules_policy and fib_rules_map_destination). `ip route add nat`
// says what a destination becomes, `ip rule add … nat` what a source becomes.
#include "sw/net/fib_rules.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/route_input.h"
#include "sw/wire/checksum.h"
#include "sw/wire/icmp.h"
#include "sw/wire/udp.h"

namespace fw {

using namespace regs::config;
using namespace wire;

namespace {

constexpr unsigned kTcpChecksum = 16;  ///< offset in the header (RFC 9293 3.1)
constexpr unsigned kUdpChecksum = 6;
constexpr unsigned kIcmpChecksum = 2;

/// What the rule makes of a source address; only addresses that a NAT route has brought here are given out.
u32 fib_rules_policy(u32 saddr, const fib_rule* rule) {
    if (!rule || rule->nat == 0 || inet_addr_type(rule->nat) != RTN_NAT) return saddr;
    return (saddr & ~inet_make_mask(rule->src_len)) | rule->nat;
}

/// What becomes of a packet's addresses.
struct nat_map {
    u32 saddr;
    u32 daddr;
};

nat_map map_of(const flowi4& flow, fib_result found) {
    nat_map map = {fib_rules_policy(flow.saddr, found.rule), flow.daddr};
    if (found.err != 0 || rt_table[found.nexthop].type != RTN_NAT) return map;
    if (!found.route) found = fib_lookup(flow);  // the trie says the index only
    map.daddr = (flow.daddr & ~inet_make_mask(found.route->len)) | rt_table[found.nexthop].key.gateway;
    return map;
}

/// Two addresses before and after.
struct change {
    u32 before[2];
    u32 after[2];
};

/// RFC 1624 equation 3, for a checksum in memory.
void update_checksum(u8* at, const change& c) {
    u64 sum = static_cast<u16>(~load16(at));
    for (const u32 address : c.before) sum += ~u32{__builtin_bswap32(address)};
    for (const u32 address : c.after) sum += u32{__builtin_bswap32(address)};
    store16(at, static_cast<u16>(~csum_fold(sum)));
}

/// `bytes` bytes from `at` on are in the packet.
bool in_packet(const sk_buff* skb, const u8* at, unsigned bytes) { return at + bytes <= skb->tail; }

/// Source that a packet from this address to that one would get.
u32 source_by_policy(const sk_buff* skb, Ipv4 quoted) {
    flowi4 flow{};
    flow.saddr = quoted.daddr();
    flow.daddr = quoted.saddr();
    flow.iif = skb->dev->ifindex;
    flow.mark = skb->mark;
    flow.tos = quoted.tos();
    const fib_result found = fib_lookup(flow);
    return found.err == 0 ? fib_rules_policy(flow.saddr, found.rule) : flow.saddr;
}

/// An error quotes a packet that went the other way. As in Linux its header checksum stays what it was; the message's
/// own follows.
bool translate_icmp(const sk_buff* skb, u8* icmp, const change& outer) {
    if (!in_packet(skb, icmp, kIcmpHeaderBytes)) return false;
    const u8 type = Icmp(icmp).type();
    if (type != ICMP_DEST_UNREACH && type != ICMP_TIME_EXCEEDED && type != ICMP_PARAMETERPROB) return true;
    Ipv4 quoted(icmp + kIcmpHeaderBytes);
    if (!in_packet(skb, quoted.bytes(), kIpv4HeaderBytes)) return false;
    change inner = {{quoted.saddr(), quoted.daddr()}, {quoted.saddr(), quoted.daddr()}};
    const bool dnat = outer.before[1] != outer.after[1], snat = outer.before[0] != outer.after[0];
    if (dnat && quoted.saddr() == outer.before[1]) inner.after[0] = outer.after[1];
    quoted.set_saddr(inner.after[0]);
    if (snat) inner.after[1] = quoted.daddr() == outer.before[0] ? outer.after[0] : source_by_policy(skb, quoted);
    quoted.set_daddr(inner.after[1]);
    update_checksum(icmp + kIcmpChecksum, inner);
    return true;
}

bool translate_transport(const sk_buff* skb, Ipv4 ip, const change& c) {
    u8* const header = ip.bytes() + ip.header_bytes();
    switch (ip.protocol()) {
        case IPPROTO_TCP:
            if (!in_packet(skb, header + kTcpChecksum, sizeof(u16))) return false;
            update_checksum(header + kTcpChecksum, c);
            return true;
        case IPPROTO_UDP: {
            u8* const at = header + kUdpChecksum;
            if (!in_packet(skb, at, sizeof(u16))) return false;
            if (load16(at) == 0) return true;  // RFC 768: none
            update_checksum(at, c);
            if (load16(at) == 0) store16(at, 0xFFFF);
            return true;
        }
        case IPPROTO_ICMP:
            return translate_icmp(skb, header, c);
        default:
            return true;
    }
}

}  // namespace

bool fib_route_nat(route_query* query, fib_result* found) {
    const flowi4& flow = query->flow;
    const nat_map map = map_of(flow, *found);
    if (map.daddr != flow.daddr) {
        flowi4 mapped = flow;
        mapped.daddr = map.daddr;
        *found = fib_lookup(mapped);
        if (found->err != 0 || rt_table[found->nexthop].type != RTN_UNICAST) return false;
        query->translated = true;
    }
    const bool changed = map.saddr != flow.saddr || map.daddr != flow.daddr;
    if (changed && query->skb->protocol == swap16(ETH_P_IP)) IPCB(query->skb)->flags |= IPSKB_NAT;
    return true;
}

bool ip_do_nat(sk_buff* skb) {
    Ipv4 ip = ip_hdr(skb);
    const flowi4 flow = ip_route_input_flow(skb, skb->dev, ip.daddr(), ip.saddr(), ip.tos());
    const nat_map map = map_of(flow, fib_lookup(flow));
    const change c = {{ip.saddr(), ip.daddr()}, {map.saddr, map.daddr}};
    ip.set_saddr(map.saddr);
    ip.set_daddr(map.daddr);
    ip_send_check(ip);
    // Only the first fragment has the protocol's header.
    return (ip.frag_off() & IP_OFFSET) != 0 || translate_transport(skb, ip, c);
}

}  // namespace fw
