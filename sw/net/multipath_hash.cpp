// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/random.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/flow_hash.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"
#include "sw/net/multipath.h"

namespace fw {

using wire::Ipv4;

namespace {

constexpr unsigned kIcmpHeaderBytes = 8;
constexpr i64 kLeastError = kIcmpHeaderBytes + wire::kIpv4HeaderBytes;

// Bits of fib_multipath_hash_fields; those of an inner packet are kInner bits higher.
constexpr u32 kSourceAddress = 0x01, kDestinationAddress = 0x02, kProtocol = 0x04, kFlowLabel = 0x08,
              kSourcePort = 0x10, kDestinationPort = 0x20, kOuter = 0x3F;
constexpr unsigned kInner = 6;

/// icmp_is_err
bool is_icmp_error(u8 type) {
    return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH || type == ICMP_REDIRECT ||
           type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETERPROB;
}

flow_keys by_addresses(u32 saddr, u32 daddr) {
    flow_keys keys{};
    keys.saddr = saddr;
    keys.daddr = daddr;
    return keys;
}

/// ip_multipath_l3_keys: an error goes the way of the packet that it is about.
flow_keys l3_keys(const sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    const flow_keys outer = by_addresses(ip.saddr(), ip.daddr());
    if (ip.protocol() != wire::IPPROTO_ICMP || (ip.frag_off() & wire::IP_OFFSET) != 0) return outer;
    u8* const icmp = ip.bytes() + ip.header_bytes();
    if (skb->tail - icmp < kLeastError || !is_icmp_error(icmp[0])) return outer;
    const Ipv4 inner(icmp + kIcmpHeaderBytes);
    return by_addresses(inner.saddr(), inner.daddr());
}

flow_keys keys_of(const flowi4& flow) {
    flow_keys keys = by_addresses(flow.saddr, flow.daddr);
    keys.ports = u32{flow.sport} << 16 | flow.dport;
    keys.proto = flow.proto;
    return keys;
}

/// The outer packet, as if it carried no other.
flow_keys l4_keys(const flowi4& flow, const sk_buff* skb) { return skb ? skb_flow_dissect(skb, false) : keys_of(flow); }

/// Of the innermost packet.
flow_keys inner_l3_keys(const flowi4& flow, const sk_buff* skb) {
    if (!skb) return by_addresses(flow.saddr, flow.daddr);
    flow_keys keys = skb_flow_dissect(skb, true);
    if (!keys.ipv6) return by_addresses(keys.saddr, keys.daddr);
    keys.ports = 0;
    return keys;
}

/// What of the keys counts.
flow_keys masked(flow_keys keys, u32 fields) {
    if ((fields & kSourceAddress) == 0) keys.saddr = 0, keys.saddr6 = nullptr;
    if ((fields & kDestinationAddress) == 0) keys.daddr = 0, keys.daddr6 = nullptr;
    if ((fields & kProtocol) == 0) keys.proto = 0;
    if ((fields & kFlowLabel) == 0) keys.flow_label = 0;
    keys.ports &= (fields & kSourcePort ? 0xFFFF0000U : 0) | (fields & kDestinationPort ? 0xFFFFU : 0);
    return keys;
}

/// fib_multipath_hash_from_keys
u32 hash_from_keys(const flow_keys& keys) {
    const auto given = static_cast<u32>(sysctl(SysctlId::fib_multipath_hash_seed));
    return flow_hash_from_keys_seed(keys, given != 0 ? given : static_cast<u32>(random_key(RandomKey::multipath)));
}

/// fib_multipath_custom_hash_skb and _fl4: outer and inner packet, each by the fields that are named.
u32 custom_hash(const flowi4& flow, const sk_buff* skb) {
    const auto fields = static_cast<u32>(sysctl(SysctlId::fib_multipath_hash_fields));
    const u32 outer = (fields & kOuter) != 0 ? hash_from_keys(masked(l4_keys(flow, skb), fields)) : 0;
    if (!skb) return outer;
    const u32 inner_fields = fields >> kInner;
    if (inner_fields == 0) return jhash_2words(outer, 0);
    const flow_keys inner = skb_flow_dissect(skb, true);
    return jhash_2words(outer, inner.encapsulated ? hash_from_keys(masked(inner, inner_fields)) : 0);
}

u32 hash_by_policy(const flowi4& flow, const sk_buff* skb) {
    switch (sysctl(SysctlId::fib_multipath_hash_policy)) {
        case 1:
            return hash_from_keys(l4_keys(flow, skb));
        case 2:
            return hash_from_keys(inner_l3_keys(flow, skb));
        case 3:
            return custom_hash(flow, skb);
        default:
            return hash_from_keys(skb ? l3_keys(skb) : by_addresses(flow.saddr, flow.daddr));
    }
}

}  // namespace

u32 fib_multipath_hash(const flowi4& flow, const sk_buff* skb) { return hash_by_policy(flow, skb) >> 1; }

}  // namespace fw
