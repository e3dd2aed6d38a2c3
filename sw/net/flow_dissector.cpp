// SPDX-License-Identifier: Apache-2.0
#include "sw/net/flow_dissector.h"

#include "sw/net/ip.h"

namespace fw {

using namespace wire;

namespace {

constexpr unsigned kMostHeaders = 15;  ///< MAX_FLOW_DISSECT_HDRS
constexpr u16 kIpv6 = 0x86DD;          ///< EtherType
constexpr u32 kIpv6HeaderBytes = 40;   ///< RFC 8200 3
// RFC 8200 4: extension headers, which begin with the next one's number.
constexpr u8 kHopByHop = 0, kRouting = 43, kFragment = 44, kDestinationOptions = 60;

// IANA's protocol numbers.
constexpr u8 kIpIp = 4, kIpv6InIp = 41, kGre = 47, kDccp = 33, kEsp = 50, kAh = 51, kSctp = 132, kUdpLite = 136;

// RFC 2784 2.1, RFC 1701: bits of the first word.
constexpr u16 GRE_CSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000, GRE_SEQ = 0x1000, GRE_VERSION = 0x0007;

/// What is left of the packet.
struct cursor {
    const u8* at;
    const u8* end;

    bool has(u32 bytes) const { return static_cast<u64>(end - at) >= bytes; }
};

/// True: a whole packet, whose transport header is next.
bool dissect_ipv4(cursor* left, flow_keys* keys) {
    if (!left->has(kIpv4HeaderBytes)) return false;
    const Ipv4 ip(const_cast<u8*>(left->at));
    if (ip.header_bytes() < kIpv4HeaderBytes || !left->has(ip.header_bytes())) return false;
    keys->ipv6 = false;
    keys->flow_label = 0;
    keys->saddr = ip.saddr();
    keys->daddr = ip.daddr();
    keys->proto = ip.protocol();
    left->at += ip.header_bytes();
    return !ip.is_fragment();
}

/// False: the packet is a fragment, or ends here.
bool skip_extensions(cursor* left, flow_keys* keys) {
    constexpr u32 kUnit = 8, kFragmentBytes = 8;
    while (keys->proto == kHopByHop || keys->proto == kRouting || keys->proto == kDestinationOptions) {
        if (!left->has(2)) return false;
        keys->proto = left->at[0];
        const u32 bytes = (left->at[1] + u32{1}) * kUnit;
        left->at = left->has(bytes) ? left->at + bytes : left->end;
    }
    if (keys->proto != kFragment) return true;
    if (left->has(kFragmentBytes)) keys->proto = left->at[0];
    return false;
}

/// True: its transport header is next.
bool dissect_ipv6(cursor* left, flow_keys* keys) {
    if (!left->has(kIpv6HeaderBytes)) return false;
    constexpr u32 kFlowLabel = 0xFFFFF;
    keys->ipv6 = true;
    keys->flow_label = get32(left->at) & kFlowLabel;
    keys->proto = left->at[6];
    keys->saddr = keys->daddr = 0;
    keys->saddr6 = left->at + 8;
    keys->daddr6 = left->at + 24;
    left->at += kIpv6HeaderBytes;
    return skip_extensions(left, keys);
}

/// EtherType of what GRE carries, 0: nothing that can be read.
u16 enter_gre(cursor* left) {
    constexpr u32 kWord = 4;
    if (!left->has(kWord)) return 0;
    const u16 flags = get16(left->at), type = get16(left->at + 2);
    if ((flags & (GRE_ROUTING | GRE_VERSION)) != 0) return 0;
    u32 bytes = kWord;
    constexpr u16 kOptional[] = {GRE_CSUM, GRE_KEY, GRE_SEQ};
    for (const u16 flag : kOptional) bytes += (flags & flag) != 0 ? kWord : 0;
    if (!left->has(bytes)) return 0;
    left->at += bytes;
    return type == ETH_P_IP || type == kIpv6 ? type : u16{0};
}

/// EtherType of what the protocol carries, 0: it is no tunnel.
u16 enter_tunnel(cursor* left, u8 proto) {
    if (proto == kIpIp) return ETH_P_IP;
    if (proto == kIpv6InIp) return kIpv6;
    return proto == kGre ? enter_gre(left) : u16{0};
}

/// Ports, or the number that stands for them in IPsec (proto_ports_offset).
u32 ports_of(const cursor& left, u8 proto) {
    constexpr u32 kAhSpi = 4;
    switch (proto) {
        case IPPROTO_TCP:
        case IPPROTO_UDP:
        case kDccp:
        case kEsp:
        case kSctp:
        case kUdpLite:
            return left.has(4) ? get32(left.at) : 0;
        case kAh:
            return left.has(kAhSpi + 4) ? get32(left.at + kAhSpi) : 0;
        default:
            return 0;
    }
}

}  // namespace

flow_keys skb_flow_dissect(const sk_buff* skb, bool into_tunnels) {
    cursor left = {ip_hdr(skb).bytes(), skb->tail};
    flow_keys keys{};
    u16 type = ETH_P_IP;
    for (unsigned headers = 0; headers < kMostHeaders; ++headers) {
        if (!(type == ETH_P_IP ? dissect_ipv4(&left, &keys) : dissect_ipv6(&left, &keys))) return keys;
        const u16 inner = enter_tunnel(&left, keys.proto);
        if (inner == 0) {
            keys.ports = ports_of(left, keys.proto);
            return keys;
        }
        keys.encapsulated = true;
        if (!into_tunnels) return keys;
        type = inner;
    }
    return keys;
}

}  // namespace fw
