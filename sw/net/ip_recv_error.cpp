// SPDX-License-Identifier: Apache-2.0
// Errors that a program wants to hear of in full (ip(7), IP_RECVERR; Linux net/ipv4/ip_sockglue.c): they wait in a
// queue of the socket's own, with the packet that each is about.
#include "sw/kernel/error.h"
#include "sw/kernel/uaccess.h"
#include "sw/net/ip.h"
#include "sw/net/sock.h"
#include "sw/wire/icmp.h"

namespace fw {

namespace {

constexpr int SOL_IP = 0, IP_RECVERR = 11;

/// The packet is the queue's, or gone when that is full.
void queue(sock* sk, sk_buff* skb) {
    if (sock_queue_err_skb(sk, skb)) {
        sk_wake(sk);
    } else {
        consume_skb(skb);
    }
}

/// One control message, as much of it as there is room for (Linux put_cmsg).
int put_cmsg(msghdr* msg, int level, int type, const void* data, u64 bytes) {
    const u64 room = msg->control_room - msg->control_bytes;
    if (room < sizeof(cmsghdr)) {
        msg->flags |= MSG_CTRUNC;
        return 0;
    }
    u64 length = sizeof(cmsghdr) + bytes;
    if (length > room) {
        length = room;
        msg->flags |= MSG_CTRUNC;
    }
    const cmsghdr header = {length, level, type};
    const u64 at = msg->control + msg->control_bytes;
    if (const int error = put_user(header, at)) return error;
    if (const int error = copy_to_user(user_pointer(at + sizeof header), data, length - sizeof header)) return error;
    msg->control_bytes += length;
    return 0;
}

/// To the program: who was written to, which error, and whose.
int tell(msghdr* msg, const sock_exterr& error) {
    msg->addr = error.addr;
    msg->port = error.port;
    msg->flags |= MSG_ERRQUEUE;
    recverr_message told = {error.ee, {}};
    told.offender.family = error.offender != 0 ? told.offender.family : u16{0};  // nobody's: all zero
    told.offender.addr = wire::swap32(error.offender);
    return put_cmsg(msg, SOL_IP, IP_RECVERR, &told, sizeof told);
}

}  // namespace

void ip_icmp_error(sock* sk, const sk_buff* skb, int error, u16 port, u32 info, const u8* payload) {
    sk_buff* clone = skb_clone(skb);
    if (!clone) return;
    const wire::Ipv4 message = ip_hdr(skb);
    const wire::Icmp icmph(message.bytes() + message.header_bytes());
    *SKB_EXT_ERR(clone) = {{static_cast<u32>(error), SO_EE_ORIGIN_ICMP, icmph.type(), icmph.code(), 0, info, 0},
                           wire::Ipv4(skb->data).daddr(),
                           message.saddr(),
                           port};
    skb_pull(clone, static_cast<u32>(payload - skb->data));
    sock_lock(sk);
    queue(sk, clone);
    sock_unlock(sk);
}

void ip_local_error(sock* sk, int error, u32 daddr, u16 port, u32 info) {
    if (!sk->recverr) return;
    sk_buff* skb = alloc_skb();
    if (!skb) return;
    *SKB_EXT_ERR(skb) = {{static_cast<u32>(error), SO_EE_ORIGIN_LOCAL, 0, 0, 0, info, 0}, daddr, 0, port};
    lock_sock(sk);
    queue(sk, skb);
    release_sock(sk);
}

i64 ip_recv_error(sock* sk, msghdr* msg) {
    lock_sock(sk);
    sk_buff* skb = sock_dequeue_err_skb(sk);
    release_sock(sk);
    if (!skb) return -err::again;
    const u32 copied = skb->len < msg->bytes ? skb->len : msg->bytes;
    msg->truncated = copied < skb->len;
    int error = skb_copy_datagram(skb, 0, msg->data, copied);
    if (error == 0) error = tell(msg, *SKB_EXT_ERR(skb));
    consume_skb(skb);
    return error != 0 ? error : i64{copied};
}

}  // namespace fw
