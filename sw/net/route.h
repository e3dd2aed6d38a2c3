// SPDX-License-Identifier: Apache-2.0
// Next hops: what a route leads to (Linux struct rtable, and struct fib_info of which it is made). Identical next hops
// share one entry; its index is what the LPM engine answers.
#pragma once
#include "regs/address_map.h"
#include "regs/config.h"
#include "sw/kernel/netdevice.h"

namespace fw {

inline constexpr unsigned kMaxNextHops = 4096;
/// "Ask software": no match, or a route that sends the lookup on.
inline constexpr u16 kNoNextHop = static_cast<u16>(regs::map::LPM_MISS);
static_assert(kMaxNextHops < kNoNextHop);

/// What ip_error answers for, as Linux numbers it (fib_props[] and ip_route_input_slow).
inline constexpr int kErrBlackhole = 22;     ///< EINVAL: silence
inline constexpr int kErrProhibit = 13;      ///< EACCES
inline constexpr int kErrNetUnreach = 101;   ///< ENETUNREACH: no route
inline constexpr int kErrHostUnreach = 113;  ///< EHOSTUNREACH

/// Groups below such a short prefix have no route of their own: packets of this host to them take the route's device,
/// but not its gateway (Linux __mkroute_output).
inline constexpr unsigned kLeastGroupPrefix = 4;

/// What makes two next hops the same.
struct rtable_key {
    u32 oif;      ///< 0: none
    u32 gateway;  ///< 0: none
    u32 prefsrc;
    u32 mtu;      ///< the route's own, 0: the device's
    u16 group;    ///< of a multipath route, see nexthop_group.cpp; 0: one way only
    u16 object;   ///< the next-hop object that the route names, see nexthop_object.h; 0: none
    u8 type;      ///< RTN_*
    u8 scope;     ///< RT_SCOPE_* of the route
    u8 nh_scope;  ///< RT_SCOPE_* of the next hop: link for a gateway, host for a destination on link
    u8 onlink;
    u8 mtu_locked;
    u8 hoplimit;  ///< TTL of packets of this host, 0: the system's
    u8 reject;    ///< the object is a blackhole, whatever the type

    bool operator==(const rtable_key&) const = default;
};

struct fib_nh_exception;

struct rtable {
    void (*input)(sk_buff*);
    void (*output)(sk_buff*);
    net_device* dev;
    u32 gateway;  ///< address to resolve on the link; 0: the packet's destination
    int error;    ///< what ip_error answers
    u32 mtu;      ///< up to this size a packet goes whole; ip_dst_mtu says what holds beyond
    u8 type;
    bool plain;                    ///< one way, no exceptions: what ip_route_input needn't look at more closely
    bool local;                    ///< to a group that this host is in, too (Linux RTCF_LOCAL)
    u16 next;                      ///< in its hash chain or in the free list
    u32 users;                     ///< routes that lead here; 0: free
    u32 exceptions;                ///< destinations for which something else was learnt
    const fib_nh_exception* fnhe;  ///< this is such an exception, nullptr: it is not
    rtable_key key;
};

extern rtable rt_table[kMaxNextHops];

/// Index of the next hop, one user more; kNoNextHop when the table is full.
u16 rt_get(const rtable_key& key);
/// Index of the next hop if there is one, else kNoNextHop.
u16 rt_find(const rtable_key& key);
void rt_put(u16 index);
/// All that lead there go another way from now on; no other entry may have the key.
void rt_change(u16 index, const rtable_key& key);
/// Entries that are free.
unsigned rt_free_count();
void rt_init();
/// Nothing but exceptions keeps it from being plain.
bool rt_may_be_plain(const rtable& rt);
/// The device's MTU changed; `before`: what it was.
void rt_dev_mtu_changed(const net_device* dev, u32 before);
/// Largest packet of the way as routes and devices have it.
u32 rt_route_mtu(const rtable* rt);
/// Largest packet of the way; for packets of others without what was learnt, unless ip_forward_use_pmtu says so (Linux
/// ip_dst_mtu_maybe_forward).
u32 rt_dst_mtu(const rtable* rt, bool forwarding);
/// TTL of a packet of this host that goes this way (Linux ip4_dst_hoplimit).
u8 rt_hoplimit(const rtable* rt);
/// Path MTU discovery may not change it.
bool rt_mtu_locked(const rtable* rt);
/// Changes with every change that may make a route that somebody keeps wrong (Linux rt_genid_ipv4).
extern u32 rt_genid;
/// To be read before the lookup whose result is kept: what another CPU learns meanwhile then makes it outdated.
inline u32 rt_genid_now() { return __atomic_load_n(&rt_genid, __ATOMIC_ACQUIRE); }
inline void rt_genid_bump() { __atomic_add_fetch(&rt_genid, 1, __ATOMIC_RELEASE); }

// nexthop_group.cpp: multipath.
inline constexpr unsigned kMaxGroups = 256;
/// One way of a multipath route.
struct fib_nh {
    u16 nexthop;  ///< index in rt_table
    u16 weight;   ///< 1 to 256
    bool dead;    ///< its device is down
    /// Hashes up to this one go here (Linux fib_nh_upper_bound), -1: none.
    i64 upper_bound;
};
struct nexthop_group {
    unsigned count;  ///< 0: free
    u16 object;      ///< the next-hop object that it comes of, 0: none
    fib_nh nh[regs::config::MAX_NEXTHOPS];
};
/// Index in rt_table that stands for all of these; their users are taken over. kNoNextHop when there is no room.
/// `object`: the next-hop object that they come of.
u16 rt_get_group(const fib_nh* nh, unsigned count, u16 object = 0);
/// All that lead to the index go one of these ways from now on; their users are taken over. There must be a free group.
void rt_change_group(u16 index, u16 object, const fib_nh* nh, unsigned count);
unsigned rt_free_groups();
const nexthop_group& rt_group(const rtable& rt);
void rt_group_put(u16 group);
void rt_groups_init();
/// Ways out of the device are dead, or alive again. `all`: also those to local addresses.
void rt_groups_down(u32 ifindex, bool all);
void rt_groups_up(u32 ifindex);
/// The route has no way left that isn't out of this device.
bool rt_leads_only_to(const rtable& rt, u32 ifindex);
/// The way of a multipath route for a packet of this hash (31 bits). `saddr`: a way with this address of ours is
/// preferred; 0: none. Linux fib_select_multipath.
u16 fib_select_multipath(u16 nexthop, u32 hash, u32 saddr);

void ip_route_init();
/// Something that ip_route_input depends on changed: sysctls, rules, tables.
void ip_route_input_changed();
/// The device's routes that are in no table. When it comes up.
void ip_route_output_dev(net_device* dev);
void ip_route_output_dev_mtu(const net_device* dev);

/// Finds out where a received packet goes and notes it in skb->dst; false: dropped (and freed).
STAGE bool ip_route_input(sk_buff* skb, net_device* dev);
/// Where a packet from `saddr` to `daddr` that came in by the device goes; for ARP, whose skb this is, too. nullptr: it
/// may not come from there or may not go on.
/// `translated`: route NAT gives it another destination.
rtable* ip_route_input_noref(sk_buff* skb, u32 daddr, u32 saddr, u8 tos, net_device* dev, bool* translated);

/// What the route of a packet of this host is asked by (Linux struct flowi4). Addresses as numbers.
struct flowi4 {
    u32 daddr;
    u32 saddr;  ///< 0: to be chosen
    u32 oif;    ///< 0: any
    u32 iif;    ///< of a packet that is being answered or forwarded; 0: this host's own
    u32 mark;
    u8 tos;
    u8 scope;
    u8 proto;
    u16 sport;  ///< of TCP and UDP, for rules; 0: none
    u16 dport;
    const sk_buff* about;  ///< of an ICMP error: the packet that caused it, whose flow's way it goes; else nullptr
};

/// Route of a packet of this host (Linux ip_route_output_key): chooses the source address and, for daddr 0, the
/// destination. nullptr: none, *error is -errno.
STAGE rtable* ip_route_output_key(flowi4* flow, int* error);
/// Device that the address belongs to, nullptr: none.
net_device* ip_dev_find(u32 address);
/// Source address of packets of this host that go this way, unless the route names one.
u32 rt_saddr(u16 nexthop);
/// Best own address for a destination on the device (Linux inet_select_addr), 0: none of this scope or wider.
u32 inet_select_addr(const net_device* dev, u32 destination, u8 scope);
/// The router's own address as the sender of a received packet knows it: the destination if that is local, else the
/// source that packets back to the sender would have (Linux fib_compute_spec_dst). For answers.
u32 fib_compute_spec_dst(const sk_buff* skb);
/// The router's own address on the way out of a packet, for the options that note it (Linux ip_rt_get_source).
u32 ip_rt_get_source(const sk_buff* skb);
inline constexpr u32 kIpMaxMtu = 0xFFFF;  ///< total length of an IP header (RFC 791 3.1)
/// Largest packet for the skb's way: the route's mtu, a learned one, or the device's.
u32 ip_dst_mtu(const sk_buff* skb);

// route_learn.cpp: ICMP messages about packets of this host; the skb's network header is the message's, its data at the
// header of the packet that the message is about.
/// The sender of the message says that the way to the packet's destination is by `new_gateway` (Linux ipv4_redirect).
void ip_do_redirect(sk_buff* skb, u32 new_gateway, u32 oif, u8 protocol);
/// Longer packets than `mtu` don't reach the packet's destination.
void ipv4_update_pmtu(sk_buff* skb, u32 mtu, u32 oif, u8 protocol);

/// Route of packets of this host to a group on the device's link.
rtable* ip_route_group(net_device* dev, u32 group);
/// What a broadcast on the device's link is to this host, and the way of one that no table knows.
rtable* ip_route_broadcast(const net_device* dev);
/// Takes packets that the router can't route.
STAGE void ip_error(sk_buff* skb);

}  // namespace fw
