// SPDX-License-Identifier: Apache-2.0
// The system calls of sockets (Linux net/socket.c, net/ipv4/af_inet.c).
#include "sw/kernel/error.h"
#include "sw/kernel/syscall.h"
#include "sw/kernel/uaccess.h"
#include "sw/kernel/wait.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"
#include "sw/net/sock.h"
#include "sw/net/sock_options.h"
#include "sw/net/tcp_sock.h"

namespace fw {

using namespace regs::config;

namespace {

constexpr u16 AF_INET = 2;
constexpr u64 SOCK_NONBLOCK = 0x800, SOCK_TYPE_MASK = 0xF;
constexpr u64 MSG_PEEK = 2, MSG_TRUNC = 0x20, MSG_DONTWAIT = 0x40;
constexpr u32 kMostMessage = 0x7FFFFFFF;

/// What `work` answers. It shares packets, tables and locks with softirqs, so that none of this CPU may come in
/// between; stop_machine and call_rcu wait for its end.
template <typename Work>
auto without_softirqs(Work work) {
    local_bh_disable();
    const auto result = work();
    local_bh_enable();
    return result;
}

void close_and_put(sock* sk) {
    local_bh_disable();
    ip_mc_drop_socket(sk);
    sk->ops->close(sk);
    sock_put(sk);
    local_bh_enable();
}

void release(file* opened) { close_and_put(static_cast<sock*>(opened->private_data)); }

u32 poll_socket(file* opened, poll_table* table) {
    auto* sk = static_cast<sock*>(opened->private_data);
    poll_wait(sk->wait, table);
    return sk->ops->poll(sk);
}

/// Tries until it does not say -EAGAIN, asleep in between unless the socket or the call will not wait.
template <typename Try>
i64 until_done(sock* sk, bool wait, Try attempt) {
    i64 result = without_softirqs(attempt);
    if (result != -err::again || !wait || sk->nonblock) return result;
    wait_event(sk->wait, [&] { return (result = without_softirqs(attempt)) != -err::again; });
    return result;
}

i64 send(sock* sk, msghdr msg, bool wait) {
    return until_done(sk, wait, [&] { return sk->ops->sendmsg(sk, &msg); });
}
/// Errors are there or not, nobody waits for them.
i64 receive(sock* sk, msghdr* msg, u64 flags) {
    msg->peek = (flags & MSG_PEEK) != 0;
    if (flags & MSG_ERRQUEUE) return without_softirqs([=] { return ip_recv_error(sk, msg); });
    const bool wait = (flags & MSG_DONTWAIT) == 0;
    return until_done(sk, wait, [&] { return sk->ops->recvmsg(sk, msg); });
}

i64 read_socket(file* opened, void* buffer, u64 bytes) {
    if (bytes > kMostMessage) return -err::inval;
    msghdr msg = {};
    msg.data = static_cast<u8*>(buffer);
    msg.bytes = static_cast<u32>(bytes);
    return receive(static_cast<sock*>(opened->private_data), &msg, 0);
}

i64 write_socket(file* opened, const void* buffer, u64 bytes) {
    if (bytes > kMostMessage) return -err::inval;
    msghdr msg = {};
    msg.data = static_cast<u8*>(const_cast<void*>(buffer));
    msg.bytes = static_cast<u32>(bytes);
    return send(static_cast<sock*>(opened->private_data), msg, true);
}

constexpr file_operations kSocketFile = {read_socket, write_socket, poll_socket, release};

sock* sock_of(u64 fd, i64* error) {
    const file* opened = fget(fd);
    if (!opened) {
        *error = -err::badf;
        return nullptr;
    }
    if (opened->ops != &kSocketFile) {
        *error = -err::notsock;
        return nullptr;
    }
    *error = 0;
    return static_cast<sock*>(opened->private_data);
}

/// The reference becomes the descriptor's.
i64 install(sock* sk) {
    sk->opened = {&kSocketFile, sk};
    const int fd = fd_install(&sk->opened);
    if (fd >= 0) return fd;
    close_and_put(sk);
    return fd;
}

i64 get_address(u64 user, u64 bytes, u32* addr, u16* port) {
    if (bytes < sizeof(sockaddr_in)) return -err::inval;
    sockaddr_in name;
    if (const int error = get_user(name, user)) return error;
    if (name.family != AF_INET) return -err::afnosupport;
    *addr = wire::swap32(name.addr);
    *port = wire::swap16(name.port);
    return 0;
}

/// As much of the address as the caller has room for, and its whole length.
i64 put_address(u64 user, u64 user_bytes, u32 addr, u16 port) {
    if (user == 0) return 0;
    u32 room = 0;
    if (const int error = get_user(room, user_bytes)) return error;
    const sockaddr_in name = {AF_INET, wire::swap16(port), wire::swap32(addr), {}};
    const u32 bytes = room < sizeof name ? room : static_cast<u32>(sizeof name);
    if (const int error = copy_to_user(user_pointer(user), &name, bytes)) return error;
    return put_user(static_cast<u32>(sizeof name), user_bytes);
}

const proto* proto_of(u64 type, u64 protocol) {
    const auto is = [&](const proto& ops) { return ops.type == type && (protocol == 0 || protocol == ops.protocol); };
    if (is(tcp_prot)) return &tcp_prot;
    if (is(udp_prot)) return &udp_prot;
    return type == SOCK_RAW && protocol != 0 && protocol < 256 ? &raw_prot : nullptr;
}

i64 sys_socket(u64 family, u64 type, u64 protocol, u64, u64, u64) {
    if (family != AF_INET) return -err::afnosupport;
    const proto* ops = proto_of(type & SOCK_TYPE_MASK, protocol);
    if (!ops) return -err::protonosupport;
    sock* sk = sk_alloc(ops, ops->protocol != 0 ? ops->protocol : static_cast<u8>(protocol));
    if (!sk) return -err::nobufs;
    sk->nonblock = (type & SOCK_NONBLOCK) != 0;
    return install(sk);
}

/// Own addresses, broadcast addresses and groups can be bound to (Linux __inet_bind).
bool can_be_bound(u32 addr) {
    return addr == 0 || sysctl(SysctlId::ip_nonlocal_bind) != 0 || inet_addr_type(addr) != RTN_UNICAST;
}

i64 bind(sock* sk, u32 addr, u16 port) {
    if (!can_be_bound(addr)) return -err::addrnotavail;
    if (sk->ops->get_port && sk->num != 0) return -err::inval;
    sk->rcv_saddr = addr;
    const u8 type = addr == 0 ? RTN_LOCAL : inet_addr_type(addr);
    sk->saddr = type == RTN_MULTICAST || type == RTN_BROADCAST ? 0 : addr;
    if (!sk->ops->get_port) return 0;
    const int error = sk->ops->get_port(sk, port);
    if (error != 0) sk->rcv_saddr = sk->saddr = 0;
    return error;
}

i64 sys_bind(u64 fd, u64 user, u64 bytes, u64, u64, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    u32 addr = 0;
    u16 port = 0;
    if (sk) error = get_address(user, bytes, &addr, &port);
    return error != 0 ? error : without_softirqs([=] { return bind(sk, addr, port); });
}

i64 sys_connect(u64 fd, u64 user, u64 bytes, u64, u64, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    u32 addr = 0;
    u16 port = 0;
    if (sk) error = get_address(user, bytes, &addr, &port);
    return error != 0 ? error : i64{without_softirqs([=] { return sk->ops->connect(sk, addr, port); })};
}

i64 sys_listen(u64 fd, u64 backlog, u64, u64, u64, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    if (!sk) return error;
    if (!sk->ops->listen) return -err::opnotsupp;
    return without_softirqs([=] { return sk->ops->listen(sk, static_cast<u32>(backlog)); });
}

i64 sys_accept(u64 fd, u64 user, u64 user_bytes, u64, u64, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    if (!sk) return error;
    if (!sk->ops->accept) return -err::opnotsupp;
    if (tcp_sk(sk)->state != TCP_LISTEN) return -err::inval;
    sock* child = nullptr;
    error = until_done(sk, true, [&]() -> i64 { return (child = sk->ops->accept(sk)) ? 0 : -err::again; });
    if (!child) return error;
    const u32 addr = child->daddr;
    const u16 port = child->dport;
    const i64 installed = install(child);
    if (installed < 0) return installed;
    error = put_address(user, user_bytes, addr, port);
    return error != 0 ? error : installed;
}

i64 sys_sendto(u64 fd, u64 data, u64 bytes, u64 flags, u64 user, u64 user_bytes) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    if (!sk) return error;
    if (bytes > kMostMessage) return -err::inval;
    msghdr msg = {};
    msg.data = reinterpret_cast<u8*>(data);
    msg.bytes = static_cast<u32>(bytes);
    msg.has_addr = user != 0;
    if (msg.has_addr) error = get_address(user, user_bytes, &msg.addr, &msg.port);
    return error != 0 ? error : send(sk, msg, (flags & MSG_DONTWAIT) == 0);
}

i64 sys_recvfrom(u64 fd, u64 data, u64 bytes, u64 flags, u64 user, u64 user_bytes) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    if (!sk) return error;
    if (bytes > kMostMessage) return -err::inval;
    msghdr msg = {};
    msg.data = reinterpret_cast<u8*>(data);
    msg.bytes = static_cast<u32>(bytes);
    const i64 result = receive(sk, &msg, flags);
    if (result < 0) return result;
    error = put_address(user, user_bytes, msg.addr, msg.port);
    return error != 0 ? error : result;
}

/// Into one piece of memory (iov_count 1).
i64 sys_recvmsg(u64 fd, u64 user, u64 flags, u64, u64, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    if (!sk) return error;
    user_msghdr given;
    iovec place = {};
    error = get_user(given, user);
    if (error == 0 && given.iov_count > 1) error = -err::msgsize;
    if (error == 0 && given.iov_count == 1) error = get_user(place, given.iov);
    if (error != 0) return error;
    if (place.bytes > kMostMessage) return -err::inval;
    msghdr msg = {};
    msg.data = reinterpret_cast<u8*>(place.base);
    msg.bytes = static_cast<u32>(place.bytes);
    msg.control = given.control;
    msg.control_room = given.control_bytes;
    const i64 result = receive(sk, &msg, flags);
    if (result < 0) return result;
    constexpr u64 kNameBytes = __builtin_offsetof(user_msghdr, name_bytes);
    error = put_address(given.name, user + kNameBytes, msg.addr, msg.port);
    const u32 told = msg.flags | (msg.truncated ? u32{MSG_TRUNC} : 0);
    if (error == 0) error = put_user(told, user + __builtin_offsetof(user_msghdr, flags));
    if (error == 0) error = put_user(msg.control_bytes, user + __builtin_offsetof(user_msghdr, control_bytes));
    return error != 0 ? error : result;
}

i64 sys_setsockopt(u64 fd, u64 level, u64 name, u64 user, u64 bytes, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    return sk ? without_softirqs([=] { return sock_setsockopt(sk, level, name, user, bytes); }) : error;
}

i64 sys_getsockopt(u64 fd, u64 level, u64 name, u64 user, u64 user_bytes, u64) {
    i64 error = 0;
    sock* sk = sock_of(fd, &error);
    return sk ? without_softirqs([=] { return sock_getsockopt(sk, level, name, user, user_bytes); }) : error;
}

}  // namespace

void sockets_init() {
    sock_init();
    udp_init();
    raw_init();
    tcp_init();
    sys_call_table[nr::socket] = sys_socket;
    sys_call_table[nr::bind] = sys_bind;
    sys_call_table[nr::connect] = sys_connect;
    sys_call_table[nr::listen] = sys_listen;
    sys_call_table[nr::accept] = sys_accept;
    sys_call_table[nr::sendto] = sys_sendto;
    sys_call_table[nr::recvfrom] = sys_recvfrom;
    sys_call_table[nr::recvmsg] = sys_recvmsg;
    sys_call_table[nr::setsockopt] = sys_setsockopt;
    sys_call_table[nr::getsockopt] = sys_getsockopt;
}

}  // namespace fw
