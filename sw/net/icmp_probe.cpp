// SPDX-License-Identifier: Apache-2.0
// PROBE (RFC 8335; Linux net/ipv4/icmp.c, icmp_build_probe): somebody asks about an interface of this host.
#include "sw/net/devinet.h"
#include "sw/net/icmp_msg.h"

namespace fw {
namespace {

// RFC 8335 2 and 3.
constexpr u16 kLocal = 1;                       ///< L bit: the interface is this host's own
constexpr u16 kSequence = 0xFF00;               ///< of the word that holds the L bit and the answer's state
constexpr u16 kActive = 4, kIpv4 = 2;           ///< the interface is up; it has IPv4
constexpr u8 kMalformed = 1, kNoInterface = 2;  ///< codes of the answer
constexpr u8 kByName = 1, kByIndex = 2, kByAddress = 3;
constexpr u16 kAfiIpv4 = 1, kAfiIpv6 = 2;  ///< IANA, address family numbers
constexpr u8 kIpv6AddressBytes = 16;
constexpr u32 kExtensionHeaderBytes = 4, kObjectHeaderBytes = 4;
constexpr u32 kAddressHeaderBytes = 4;  ///< family, length, reserved
constexpr u32 kMostIdentBytes = 20;     ///< Linux struct icmp_ext_echo_iio: an IPv6 address with its header
constexpr u32 kNameBytes = 16;          ///< IFNAMSIZ

/// The interface identification object.
struct ident {
    u8 type;
    u32 bytes;
    u8 at[kMostIdentBytes];
};

/// What an object of the message says; false: it makes no sense.
bool read_ident(const sk_buff* skb, ident* id) {
    u8 header[kExtensionHeaderBytes + kObjectHeaderBytes];
    if (skb->len < sizeof header) return false;
    skb_copy_bits(skb, 0, header, sizeof header);
    const u16 length = wire::get16(header + kExtensionHeaderBytes);
    if (length <= kObjectHeaderBytes || length > kObjectHeaderBytes + kMostIdentBytes) return false;
    id->bytes = length - kObjectHeaderBytes;
    id->type = header[kExtensionHeaderBytes + 3];
    if (skb->len < sizeof header + id->bytes) return false;
    skb_copy_bits(skb, sizeof header, id->at, id->bytes);
    return true;
}

net_device* by_name(const ident& id) {
    char name[kNameBytes] = {};
    __builtin_memcpy(name, id.at, id.bytes);
    return dev_get_by_name(name);
}

/// No interface here has an address of IPv6.
bool find_by_address(const ident& id, net_device** dev) {
    if (id.bytes < kAddressHeaderBytes || id.bytes != kAddressHeaderBytes + id.at[2]) return false;
    const u16 family = wire::get16(id.at);
    if (family == kAfiIpv6) return id.at[2] == kIpv6AddressBytes;
    if (family != kAfiIpv4 || id.at[2] != sizeof(u32)) return false;
    *dev = ip_dev_find(wire::get32(id.at + kAddressHeaderBytes));
    return true;
}

/// False: the object is malformed.
bool find_interface(const ident& id, net_device** dev) {
    switch (id.type) {
        case kByName:
            if (id.bytes >= kNameBytes) return false;
            *dev = by_name(id);
            return true;
        case kByIndex:
            if (id.bytes != sizeof(u32)) return false;
            *dev = dev_get_by_index(wire::get32(id.at));
            return true;
        case kByAddress:
            return find_by_address(id, dev);
        default:
            return false;
    }
}

u16 state_of(const net_device* dev) {
    const bool up = (dev->flags & regs::config::IFF_UP) != 0;
    return static_cast<u16>((up ? kActive : 0) | (inet_ifa_list(dev) ? kIpv4 : 0));
}

}  // namespace

bool icmp_build_probe(const sk_buff* skb, wire::Icmp icmph) {
    if (sysctl(SysctlId::icmp_echo_enable_probe) == 0) return false;
    const u32 rest = icmph.rest();
    if ((rest & kLocal) == 0) return false;
    const u32 answer = rest & (0xFFFF0000U | kSequence);
    icmph.set_type(ICMP_EXT_ECHOREPLY);
    icmph.set_rest(answer);
    ident id = {};
    net_device* dev = nullptr;
    if (!read_ident(skb, &id) || !find_interface(id, &dev)) {
        icmph.set_code(kMalformed);
    } else if (!dev) {
        icmph.set_code(kNoInterface);
    } else {
        icmph.set_rest(answer | state_of(dev));
    }
    return true;
}

}  // namespace fw
