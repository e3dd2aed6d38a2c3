// SPDX-License-Identifier: Apache-2.0
#include "sw/net/sock_options.h"

#include "sw/kernel/error.h"
#include "sw/kernel/uaccess.h"
#include "sw/net/devinet.h"
#include "sw/net/ip.h"
#include "sw/wire/bytes.h"

namespace fw {
namespace {

constexpr u64 SOL_IP = 0, SOL_SOCKET = 1;
enum SocketOption : u64 {
    SO_REUSEADDR = 2,
    SO_TYPE = 3,
    SO_ERROR = 4,
    SO_BROADCAST = 6,
    SO_RCVBUF = 8,
    SO_PRIORITY = 12,
    SO_BINDTODEVICE = 25,
    SO_MARK = 36,
    SO_PROTOCOL = 38
};
enum IpSocketOption : u64 {
    IP_TOS = 1,
    IP_TTL = 2,
    IP_HDRINCL = 3,
    IP_MTU_DISCOVER = 10,
    IP_RECVERR = 11,
    IP_MTU = 14,
    IP_MULTICAST_IF = 32,
    IP_MULTICAST_TTL = 33,
    IP_MULTICAST_LOOP = 34,
    IP_ADD_MEMBERSHIP = 35,
    IP_DROP_MEMBERSHIP = 36
};

constexpr i64 kMostPriority = 6;    ///< that a program may give its packets without being the administrator
constexpr u32 kLeastRcvbuf = 2304;  ///< Linux SOCK_MIN_RCVBUF, two small packets

// include/uapi/linux/in.h.
constexpr u64 kInAddrBytes = 4, kMreqBytes = 8, kMreqnBytes = 12;

/// struct ip_mreqn, or struct ip_mreq, which is its beginning without the interface's number.
int get_mreq(ip_mreqn* mreq, u64 user, u64 bytes) {
    u32 words[3] = {};
    const u64 taken = bytes >= kMreqnBytes ? kMreqnBytes : kMreqBytes;
    if (const int error = copy_from_user(words, user_pointer(user), taken)) return error;
    *mreq = {wire::swap32(words[0]), wire::swap32(words[1]), words[2]};
    return 0;
}

int bind_to_device(sock* sk, u64 user, u64 bytes) {
    char name[IFNAMSIZ] = {};
    if (bytes > IFNAMSIZ - 1) bytes = IFNAMSIZ - 1;
    if (const int error = copy_from_user(name, reinterpret_cast<const void*>(user), bytes)) return error;
    const net_device* dev = name[0] ? dev_get_by_name(name) : nullptr;
    if (name[0] && !dev) return -err::nodev;
    sk->bound_dev = dev ? dev->ifindex : 0;
    return 0;
}

int set_of_socket(sock* sk, u64 name, i64 value) {
    switch (name) {
        case SO_REUSEADDR:
            sk->reuseaddr = value != 0;
            return 0;
        case SO_BROADCAST:
            sk->broadcast = value != 0;
            return 0;
        case SO_RCVBUF:
            // Doubled, for what the kernel itself needs of it (socket(7)).
            sk->rcvbuf = value < kLeastRcvbuf / 2 ? kLeastRcvbuf : static_cast<u32>(value) * 2;
            return 0;
        case SO_PRIORITY:
            if (value < 0 || value > kMostPriority) return -err::perm;
            sk->priority = static_cast<u32>(value);
            return 0;
        case SO_MARK:
            sk->mark = static_cast<u32>(value);
            return 0;
        default:
            return -err::noprotoopt;
    }
}

/// struct in_addr, ip_mreq or ip_mreqn: the interface by an address of its own, or by its number.
int set_multicast_if(sock* sk, u64 user, u64 bytes) {
    if (bytes < kInAddrBytes || sk->ops->type == SOCK_STREAM) return -err::inval;
    ip_mreqn mreq = {};
    if (bytes < kMreqBytes) {
        u32 address = 0;
        if (const int error = get_user(address, user)) return error;
        mreq.address = wire::swap32(address);
    } else if (const int error = get_mreq(&mreq, user, bytes)) {
        return error;
    }
    if (mreq.ifindex == 0 && mreq.address == 0) {
        sk->mc_dev = sk->mc_addr = 0;
        return 0;
    }
    const net_device* dev = mreq.ifindex != 0 ? dev_get_by_index(mreq.ifindex) : ip_dev_find(mreq.address);
    if (!dev) return -err::addrnotavail;
    if (sk->bound_dev != 0 && dev->ifindex != sk->bound_dev) return -err::inval;
    sk->mc_dev = dev->ifindex;
    sk->mc_addr = mreq.address;
    return 0;
}

int set_recverr(sock* sk, bool on) {
    sk->recverr = on;
    if (on) return 0;
    lock_sock(sk);
    sock_purge_errors(sk);
    release_sock(sk);
    return 0;
}

int set_of_ip(sock* sk, u64 name, i64 value) {
    switch (name) {
        case IP_TOS:
            sk->tos = static_cast<u8>(value);
            sk->priority = rt_tos2priority(sk->tos);
            return 0;
        case IP_TTL:
            if (value != -1 && (value < 1 || value > 255)) return -err::inval;
            sk->ttl = value == -1 ? 0 : static_cast<u8>(value);
            return 0;
        case IP_HDRINCL:
            if (sk->ops->type != SOCK_RAW) return -err::noprotoopt;
            sk->hdrincl = value != 0;
            return 0;
        case IP_MTU_DISCOVER:
            if (value < IP_PMTUDISC_DONT || value > IP_PMTUDISC_OMIT) return -err::inval;
            sk->pmtudisc = static_cast<u8>(value);
            return 0;
        case IP_RECVERR:
            return set_recverr(sk, value != 0);
        case IP_MULTICAST_TTL:
            if (sk->ops->type == SOCK_STREAM || value < -1 || value > 255) return -err::inval;
            sk->mc_ttl = value == -1 ? 1 : static_cast<u8>(value);
            return 0;
        case IP_MULTICAST_LOOP:
            sk->mc_loop = value != 0;
            return 0;
        default:
            return -err::noprotoopt;
    }
}

int get_of_socket(sock* sk, u64 name, i64* value) {
    switch (name) {
        case SO_REUSEADDR:
            *value = sk->reuseaddr;
            return 0;
        case SO_TYPE:
            *value = sk->ops->type;
            return 0;
        case SO_ERROR:
            *value = -sock_error(sk);
            return 0;
        case SO_BROADCAST:
            *value = sk->broadcast;
            return 0;
        case SO_RCVBUF:
            *value = sk->rcvbuf;
            return 0;
        case SO_PRIORITY:
            *value = sk->priority;
            return 0;
        case SO_MARK:
            *value = sk->mark;
            return 0;
        case SO_PROTOCOL:
            *value = sk->protocol;
            return 0;
        default:
            return -err::noprotoopt;
    }
}

/// IP_MTU: what is known of the way to the peer.
int get_mtu(const sock* sk, i64* value) {
    if (sk->daddr == 0) return -err::notconn;
    flowi4 flow = sk_flow(sk, sk->daddr, sk->dport);
    sk_flow_to_group(sk, &flow);
    int error = 0;
    rtable* rt = ip_route_output_key(&flow, &error);
    if (!rt) return -err::notconn;
    *value = ip_flow_mtu(rt, flow);
    return 0;
}

int get_of_ip(const sock* sk, u64 name, i64* value) {
    switch (name) {
        case IP_TOS:
            *value = sk->tos;
            return 0;
        case IP_TTL:
            *value = sk->ttl != 0 ? sk->ttl : sysctl(SysctlId::ip_default_ttl);
            return 0;
        case IP_HDRINCL:
            *value = sk->hdrincl;
            return 0;
        case IP_MTU_DISCOVER:
            *value = sk->pmtudisc;
            return 0;
        case IP_RECVERR:
            *value = sk->recverr;
            return 0;
        case IP_MTU:
            return get_mtu(sk, value);
        case IP_MULTICAST_TTL:
            *value = sk->mc_ttl;
            return 0;
        case IP_MULTICAST_LOOP:
            *value = sk->mc_loop;
            return 0;
        default:
            return -err::noprotoopt;
    }
}

/// An int, or a byte where the caller has only that (ip(7)).
int get_value(u64 user, u64 bytes, i64* value) {
    if (bytes >= sizeof(int)) {
        int number = 0;
        const int error = get_user(number, user);
        *value = number;
        return error;
    }
    if (bytes == 0) return -err::inval;
    u8 byte = 0;
    const int error = get_user(byte, user);
    *value = byte;
    return error;
}

int set_membership(const sock* sk, bool join, u64 user, u64 bytes) {
    if (bytes < kMreqBytes) return -err::inval;
    ip_mreqn mreq;
    if (const int error = get_mreq(&mreq, user, bytes)) return error;
    return join ? ip_mc_join_group(sk, mreq) : ip_mc_leave_group(sk, mreq);
}

}  // namespace

i64 sock_setsockopt(sock* sk, u64 level, u64 name, u64 user, u64 bytes) {
    if (level == SOL_SOCKET && name == SO_BINDTODEVICE) return bind_to_device(sk, user, bytes);
    if (level == SOL_IP && (name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP)) {
        return set_membership(sk, name == IP_ADD_MEMBERSHIP, user, bytes);
    }
    if (level == SOL_IP && name == IP_MULTICAST_IF) return set_multicast_if(sk, user, bytes);
    i64 value = 0;
    if (const int error = get_value(user, bytes, &value)) return error;
    if (level == SOL_SOCKET) return set_of_socket(sk, name, value);
    return level == SOL_IP ? set_of_ip(sk, name, value) : -err::noprotoopt;
}

i64 sock_getsockopt(sock* sk, u64 level, u64 name, u64 user, u64 user_bytes) {
    u32 room = 0;
    if (const int error = get_user(room, user_bytes)) return error;
    if (room < sizeof(int)) return -err::inval;
    i64 value = 0;
    const int error = level == SOL_SOCKET ? get_of_socket(sk, name, &value)
                      : level == SOL_IP   ? get_of_ip(sk, name, &value)
                                          : -err::noprotoopt;
    if (error != 0) return error;
    if (const int fault = put_user(static_cast<int>(value), user)) return fault;
    return put_user(static_cast<u32>(sizeof(int)), user_bytes);
}

}  // namespace fw
