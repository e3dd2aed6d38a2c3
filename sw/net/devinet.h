// SPDX-License-Identifier: Apache-2.0
// Addresses of devices (Linux net/ipv4/devinet.c), and the routes that follow from them (fib_frontend.cpp).
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/net/inetdevice.h"

namespace fw {

inline constexpr unsigned kMaxAddresses = 1024;
inline constexpr u64 kStays = 0;
inline constexpr u32 kMinMtu = 68;  ///< RFC 791 3.2: every internet module forwards 68 bytes without fragmenting

struct in_ifaddr {
    in_ifaddr* next;       ///< of the same device, in Linux's order: primaries by scope, then secondaries
    in_ifaddr* hash_next;  ///< same hash of `local`, or the free list
    net_device* dev;
    u32 local;
    u32 address;  ///< the peer's on a point-to-point link, else `local`
    u32 mask;
    u32 broadcast;
    u8 prefixlen;
    u8 scope;
    bool secondary;
    bool noprefixroute;  ///< no route to its subnet …
    u32 metric;          ///< … or one of this metric
    bool joined;         ///< it is a group, and the device is in it for its sake (IFA_F_MCAUTOJOIN)
    u64 expires;         ///< us since READY at which it goes (ifa_valid_lft); kStays: never
};

void devinet_init();
/// First address of the device.
in_ifaddr* inet_ifa_list(const net_device* dev);
/// The address is one of ours, on whatever device, up or down (Linux inet_lookup_ifaddr_rcu).
extern in_ifaddr* inet_addr_hash[256];
inline unsigned inet_addr_bucket(u32 address) { return (address ^ (address >> 8) ^ (address >> 16)) & 0xFF; }
inline bool inet_is_own_address(u32 address) {
    const in_ifaddr* ifa = inet_addr_hash[inet_addr_bucket(address)];
    while (ifa && ifa->local != address) ifa = ifa->hash_next;
    return ifa != nullptr;
}
inline bool inet_ifa_match(u32 address, const in_ifaddr* ifa) { return ((address ^ ifa->address) & ifa->mask) == 0; }

/// An own address of scope `scope` or wider, of `dev` (nullptr: of any): the address `local`, or any where that is 0,
/// with `destination` in the same subnet where that is not 0. 0: there is none (Linux inet_confirm_addr).
u32 inet_confirm_addr(const net_device* dev, u32 destination, u32 local, u8 scope);

// fib_frontend.cpp: called by devinet when addresses and links change.
/// 0, or -errno when the tables are full; then none of the address's routes is there.
int fib_add_ifaddr(const in_ifaddr* ifa);
/// `ifa` is no longer in its device's list.
void fib_del_ifaddr(const in_ifaddr* ifa);
int fib_netdev_up(net_device* dev);
/// `force`: the last address went, so local routes go too.
void fib_disable_ip(net_device* dev, bool force);

// ip_checksum.cpp
int ip_checksum_use_hardware(bool on);

}  // namespace fw
