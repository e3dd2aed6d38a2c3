// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/sysctl.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/multipath.h"

namespace fw {

using wire::Ipv4;

namespace {

struct hash_keys {
    u32 saddr;
    u32 daddr;
    u32 ports;
    u8 proto;
};

constexpr unsigned kIcmpHeaderBytes = 8;

/// Bytes of the packet from its transport header on.
u32 transport_bytes(const sk_buff* skb, const Ipv4& ip) {
    return static_cast<u32>(skb->tail - ip.bytes()) - ip.header_bytes();
}

bool is_icmp_error(u8 type) {
    return type == ICMP_DEST_UNREACH || type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
           type == ICMP_PARAMETERPROB;
}

/// ip_multipath_l3_keys: an error goes the way of the packet that it is about.
hash_keys l3_keys(const sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    const hash_keys outer = {ip.saddr(), ip.daddr(), 0, 0};
    if (ip.protocol() != wire::IPPROTO_ICMP || (ip.frag_off() & wire::IP_OFFSET) != 0) return outer;
    u8* const icmp = ip.bytes() + ip.header_bytes();
    if (transport_bytes(skb, ip) < kIcmpHeaderBytes + wire::kIpv4HeaderBytes || !is_icmp_error(icmp[0])) return outer;
    const Ipv4 inner(icmp + kIcmpHeaderBytes);
    return {inner.saddr(), inner.daddr(), 0, 0};
}

hash_keys keys_of(const flowi4& flow, const sk_buff* skb) {
    if (sysctl(SysctlId::fib_multipath_hash_policy) == 0) {
        return skb ? l3_keys(skb) : hash_keys{flow.saddr, flow.daddr, 0, 0};
    }
    if (!skb) return {flow.saddr, flow.daddr, u32{flow.sport} << 16 | flow.dport, flow.proto};
    const Ipv4 ip = ip_hdr(skb);
    const flow_ports ports = skb_flow_ports(skb);
    return {ip.saddr(), ip.daddr(), u32{ports.source} << 16 | ports.destination, ip.protocol()};
}

/// Finalizer of MurmurHash3 (Appleby, public domain): each bit of the input moves each of the result.
u32 mix(u32 hash) {
    hash ^= hash >> 16;
    hash *= 0x85EBCA6BU;
    hash ^= hash >> 13;
    hash *= 0xC2B2AE35U;
    return hash ^ (hash >> 16);
}

}  // namespace

flow_ports skb_flow_ports(const sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    const bool has_ports = ip.protocol() == wire::IPPROTO_TCP || ip.protocol() == wire::IPPROTO_UDP;
    if (!has_ports || ip.is_fragment() || transport_bytes(skb, ip) < 4) return {0, 0};
    const u8* at = ip.bytes() + ip.header_bytes();
    return {wire::get16(at), wire::get16(at + 2)};
}

u32 fib_multipath_hash(const flowi4& flow, const sk_buff* skb) {
    hash_keys keys = keys_of(flow, skb);
    // Both directions of a flow hash alike (__flow_hash_consistentify).
    if (keys.daddr < keys.saddr) keys = {keys.daddr, keys.saddr, keys.ports, keys.proto};
    if ((keys.ports & 0xFFFF) < keys.ports >> 16) keys.ports = keys.ports << 16 | keys.ports >> 16;
    return mix(mix(mix(mix(keys.saddr) ^ keys.daddr) ^ keys.ports) ^ keys.proto) >> 1;
}

}  // namespace fw
