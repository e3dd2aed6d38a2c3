// SPDX-License-Identifier: Apache-2.0
// Groups that sockets are in (ip(7), IP_ADD_MEMBERSHIP; Linux net/ipv4/igmp.c, ip_mc_join_group and its neighbours).
#include "sw/kernel/error.h"
#include "sw/net/igmp.h"
#include "sw/net/ip.h"
#include "sw/net/sock.h"

namespace fw {
namespace {

/// A socket's membership (Linux struct ip_mc_socklist).
struct ip_mc_socklist {
    const sock* sk;  ///< nullptr: free
    u32 multiaddr;
    u32 ifindex;
    u32 address;  ///< as the program named the interface
};
/// Each membership of a socket is one of a device, so that more find no room there.
constinit ip_mc_socklist memberships[kMaxMemberships] = {};
/// Programs join and leave in system calls, while softirqs use the groups.
constinit spinlock membership_lock = {LockClass::igmp};

/// ip_mc_find_dev: by number, by an address of its own, or by where the group is routed to.
net_device* find_dev(const ip_mreqn& mreq) {
    if (mreq.ifindex != 0) return dev_get_by_index(mreq.ifindex);
    if (mreq.address != 0) return ip_dev_find(mreq.address);
    flowi4 flow{};
    flow.daddr = mreq.multiaddr;
    int error = 0;
    const rtable* rt = ip_route_output_key(&flow, &error);
    return rt ? rt->dev : nullptr;
}

bool is_same(const ip_mc_socklist& one, const sock* sk, u32 multiaddr, u32 ifindex) {
    return one.sk == sk && one.multiaddr == multiaddr && one.ifindex == ifindex;
}

void leave(ip_mc_socklist* one) {
    one->sk = nullptr;
    if (net_device* dev = dev_get_by_index(one->ifindex)) ip_mc_dec_group(dev, one->multiaddr);
}

int join(const sock* sk, const ip_mreqn& mreq) {
    if (!wire::ipv4_is_multicast(mreq.multiaddr)) return -err::inval;
    net_device* dev = find_dev(mreq);
    if (!dev) return -err::nodev;
    i64 count = 0;
    ip_mc_socklist* place = nullptr;
    for (ip_mc_socklist& one : memberships) {
        if (is_same(one, sk, mreq.multiaddr, dev->ifindex)) return -err::addrinuse;
        if (one.sk == sk) ++count;
        if (!one.sk && !place) place = &one;
    }
    if (!place || count >= sysctl(SysctlId::igmp_max_memberships)) return -err::nobufs;
    if (const int error = ip_mc_inc_group(dev, mreq.multiaddr)) return error;
    *place = {sk, mreq.multiaddr, dev->ifindex, mreq.address};
    return 0;
}

int leave_group(const sock* sk, const ip_mreqn& mreq) {
    if (mreq.ifindex == 0 && mreq.address == 0 && !find_dev(mreq)) return -err::nodev;
    for (ip_mc_socklist& one : memberships) {
        if (one.sk != sk || one.multiaddr != mreq.multiaddr) continue;
        if (mreq.ifindex != 0 ? one.ifindex != mreq.ifindex : mreq.address != 0 && one.address != mreq.address)
            continue;
        leave(&one);
        return 0;
    }
    return -err::addrnotavail;
}

}  // namespace

int ip_mc_join_group(const sock* sk, const ip_mreqn& mreq) {
    spin_lock_bh(membership_lock);
    const int error = join(sk, mreq);
    spin_unlock_bh(membership_lock);
    return error;
}

int ip_mc_leave_group(const sock* sk, const ip_mreqn& mreq) {
    spin_lock_bh(membership_lock);
    const int error = leave_group(sk, mreq);
    spin_unlock_bh(membership_lock);
    return error;
}

void ip_mc_drop_socket(const sock* sk) {
    spin_lock_bh(membership_lock);
    for (ip_mc_socklist& one : memberships) {
        if (one.sk == sk) leave(&one);
    }
    spin_unlock_bh(membership_lock);
}

void ip_mc_sockets_init() {
    for (ip_mc_socklist& one : memberships) one = {};
}

}  // namespace fw
