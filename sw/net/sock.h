// SPDX-License-Identifier: Apache-2.0
// Sockets below the system calls (Linux include/net/sock.h, net/core/sock.c). Nothing here waits: what cannot be done
// yet is answered with -err::again, and socket.cpp sleeps on sock::wait.
#pragma once
#include "sw/kernel/file.h"
#include "sw/kernel/skbuff.h"
#include "sw/kernel/spinlock.h"
#include "sw/kernel/uapi.h"
#include "sw/kernel/wait.h"
#include "sw/net/route.h"

namespace fw {

inline constexpr unsigned kMaxSockets = 256;

enum SocketType : u8 { SOCK_STREAM = 1, SOCK_DGRAM = 2, SOCK_RAW = 3 };

/// What a message call carries (Linux struct msghdr, sockaddr_in): addresses and ports as numbers, data and control
/// messages in the user's memory.
struct msghdr {
    u8* data;
    u32 bytes;
    u32 addr;  ///< recipient, or sender of what was received
    u16 port;
    bool has_addr;      ///< of a message to be sent
    bool peek;          ///< MSG_PEEK
    bool truncated;     ///< received: the datagram was longer than `bytes`
    u64 control;        ///< address of the room for control messages
    u64 control_room;   ///< bytes of it
    u64 control_bytes;  ///< … that were used
    u32 flags;          ///< further MSG_* for the receiver
};
inline constexpr u32 MSG_CTRUNC = 8, MSG_ERRQUEUE = 0x2000;

struct sock;
struct tcp_sock;
struct ipcm_cookie;

/// A protocol's operations (Linux struct proto). Each answers -errno where it fails.
struct proto {
    u8 type;
    u8 protocol;  ///< 0: any (raw)
    int (*init)(sock*);
    void (*close)(sock*);
    /// Takes the port, 0: any free one; sk->num is set.
    int (*get_port)(sock*, u16 port);
    int (*connect)(sock*, u32 addr, u16 port);
    i64 (*sendmsg)(sock*, msghdr*);
    i64 (*recvmsg)(sock*, msghdr*);
    u32 (*poll)(const sock*);
    int (*listen)(sock*, u32 backlog);  ///< nullptr: no such thing
    sock* (*accept)(sock*);             ///< nullptr: nobody is there yet
};

struct sock {
    const proto* ops;  ///< nullptr: free
    sock* next;        ///< in its table's chain, or in the free list
    u32 users;
    spinlock lock;
    u8 protocol;
    bool hashed;
    u16 num;        ///< own port; of a raw socket the protocol
    u16 dport;      ///< of the peer when connected
    u32 rcv_saddr;  ///< bound to, 0: any
    u32 saddr;      ///< to send with, 0: to be chosen
    u32 daddr;      ///< peer when connected, else 0
    u32 bound_dev;  ///< interface index, 0: any
    u32 mark;
    u32 priority;  ///< of its packets in queues
    u8 tos;
    u8 ttl;     ///< 0: the system's
    u8 mc_ttl;  ///< to groups
    bool broadcast, reuseaddr, hdrincl, mc_loop, nonblock;
    bool recverr;  ///< errors wait in error_queue (IP_RECVERR)
    u8 pmtudisc;   ///< IP_PMTUDISC_*
    u16 ident;     ///< of a connected socket: identification of its last packet
    u32 mc_dev;    ///< to groups by this interface, 0: as routed
    u32 mc_addr;   ///< … with this source, 0: to be chosen
    rtable* dst;   ///< route of a connection, kept while dst_genid is the routes' own number
    u32 dst_genid;
    u32 rcvbuf;
    u32 rmem_alloc;  ///< bytes of pool slots that wait here
    int err;         ///< to be told once (sk_err), positive
    sk_buff_head receive_queue;
    sk_buff_head error_queue;  ///< of clones with a sock_exterr
    wait_queue_head wait;
    file opened;  ///< what its descriptor stands for
    tcp_sock* tcp;
};

void sock_init();
/// nullptr: none is left.
sock* sk_alloc(const proto* ops, u8 protocol);
inline void sock_hold(sock* sk) { __atomic_add_fetch(&sk->users, 1, __ATOMIC_RELAXED); }
/// False: the last one has let go of it.
bool sock_hold_if_used(sock* sk);
/// The last one that lets go frees what waits in the queue and the socket.
void sock_put(sock* sk);
/// The socket's lock in a softirq, and (lock_sock) in a task.
inline void sock_lock(sock* sk) { spin_lock(sk->lock); }
inline void sock_unlock(sock* sk) { spin_unlock(sk->lock); }
inline void lock_sock(sock* sk) { spin_lock_bh(sk->lock); }
inline void release_sock(sock* sk) { spin_unlock_bh(sk->lock); }
/// Puts a received packet into the queue; false: the queue is full, the packet still the caller's.
bool sock_queue_rcv_skb(sock* sk, sk_buff* skb);
/// With the lock held: the first packet leaves the queue.
sk_buff* sock_dequeue(sock* sk);
/// The same for what recvmsg(MSG_ERRQUEUE) tells.
bool sock_queue_err_skb(sock* sk, sk_buff* skb);
/// With the lock held: the first error leaves its queue; the socket's own becomes that of the next one.
sk_buff* sock_dequeue_err_skb(sock* sk);
void sock_purge_errors(sock* sk);
/// Of sockets of datagrams (Linux datagram_poll).
u32 datagram_poll(const sock* sk);
/// Copies a packet's bytes to the user's memory. 0 or -EFAULT.
int skb_copy_datagram(const sk_buff* skb, u32 offset, u8* to, u32 bytes);
/// The error that waits, taken away; 0 or -errno.
int sock_error(sock* sk);
void sk_wake(sock* sk);
/// The socket's flow to an address, as ip_route_output_key wants it.
flowi4 sk_flow(const sock* sk, u32 daddr, u16 dport);

/// What waits in an error queue, in its packet's cb (Linux struct sock_exterr_skb). Addresses as numbers.
struct sock_exterr {
    sock_extended_err ee;
    u32 addr;      ///< where the packet went that the error is about
    u32 offender;  ///< who sent the ICMP message, 0: this host itself refused
    u16 port;
};
static_assert(sizeof(sock_exterr) <= sizeof(sk_buff::cb));
inline sock_exterr* SKB_EXT_ERR(sk_buff* skb) { return reinterpret_cast<sock_exterr*>(skb->cb); }

// ip_recv_error.cpp
/// An ICMP message about a packet of the socket's: a clone that begins at `payload` waits in the error queue.
void ip_icmp_error(sock* sk, const sk_buff* skb, int error, u16 port, u32 info, const u8* payload);
/// A packet that this host itself could not send, if the socket wants to know.
void ip_local_error(sock* sk, int error, u32 daddr, u16 port, u32 info);
/// recvmsg(MSG_ERRQUEUE): bytes of the packet that the error is about, or -errno.
i64 ip_recv_error(sock* sk, msghdr* msg);

// sock_send.cpp
/// The socket's options, as ip_make_skb wants them.
ipcm_cookie sk_cookie(sock* sk);
/// A flow to a group takes the socket's device and source for groups (IP_MULTICAST_IF).
void sk_flow_to_group(const sock* sk, flowi4* flow);
/// No packet came of what was to be sent: counted, or, if it was too long, told to the socket. The same error.
int sk_append_failed(sock* sk, rtable* rt, const flowi4& flow, int error);

/// Which group, and by which device (Linux struct ip_mreqn; addresses as numbers).
struct ip_mreqn {
    u32 multiaddr;
    u32 address;  ///< of the device, 0: any
    u32 ifindex;  ///< goes before the address, 0: any
};
// igmp_socket.cpp. 0 or -errno.
int ip_mc_join_group(const sock* sk, const ip_mreqn& mreq);
int ip_mc_leave_group(const sock* sk, const ip_mreqn& mreq);
/// The socket closes.
void ip_mc_drop_socket(const sock* sk);
void ip_mc_sockets_init();

extern const proto udp_prot, raw_prot, tcp_prot;
void udp_init();
void raw_init();
void tcp_init();
/// All of the above, and the system calls. Once, at boot.
void sockets_init();

}  // namespace fw
