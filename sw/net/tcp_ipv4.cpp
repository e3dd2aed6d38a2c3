// SPDX-License-Identifier: Apache-2.0
// TCP segments on their way in (Linux net/ipv4/tcp_ipv4.c, tcp_v4_rcv): checks, and whose they are.
#include "sw/net/ip.h"
#include "sw/net/tcp.h"
#include "sw/net/tcp_sock.h"
#include "sw/wire/checksum.h"

namespace fw {

using wire::Tcp;

namespace {

bool checksum_ok(const sk_buff* skb) {
    if (skb_csum_unnecessary(skb)) return true;
    const u64 pseudo = wire::csum_pseudo(ip_hdr(skb), static_cast<u16>(skb->len));
    return wire::csum_fold(skb_checksum(skb, 0, skb->len, pseudo)) == 0xFFFF;
}

void drop_bad(sk_buff* skb, Fate fate) {
    snmp_inc(Snmp::TcpInErrs);
    kfree_skb_reason(skb, fate);
}

/// The segment is of the socket's connection, or for the listener.
void give_to(sock* sk, sk_buff* skb) {
    sock_lock(sk);
    if (tcp_sk(sk)->state == TCP_LISTEN) {
        tcp_rcv_listen(sk, skb);
    } else {
        tcp_rcv_state_process(sk, skb);
    }
    sock_unlock(sk);
    sock_put(sk);
}

}  // namespace

STAGE void tcp_v4_rcv(sk_buff* skb) {
    if (skb->pkt_type != PACKET_HOST) {
        kfree_skb_reason(skb, Fate::link_broadcast);
        return;
    }
    snmp_inc(Snmp::TcpInSegs);
    if (!pskb_may_pull(skb, wire::kTcpHeaderBytes)) return kfree_skb_reason(skb, Fate::bad_transport);
    const u32 header = Tcp(skb->data).header_bytes();
    if (header < wire::kTcpHeaderBytes) return drop_bad(skb, Fate::bad_transport);
    if (!pskb_may_pull(skb, header)) return kfree_skb_reason(skb, Fate::bad_transport);
    if (!checksum_ok(skb)) {
        snmp_inc(Snmp::TcpInCsumErrors);
        return drop_bad(skb, Fate::bad_checksum);
    }
    const wire::Ipv4 ip = ip_hdr(skb);
    const Tcp tcp(skb->data);
    sock* sk = tcp_lookup(ip.saddr(), tcp.source(), ip.daddr(), tcp.dest(), skb->skb_iif);
    if (sk) return give_to(sk, skb);
    tcp_v4_send_reset(skb);
    inet_no_listener(skb);
}

/// Errors about a connection are soft (RFC 9293 3.9.2.2): retransmission goes on, and gives up by itself. Only before
/// the handshake is done they end it.
void tcp_v4_err(sk_buff* skb, u32 info) {
    (void)info;
    wire::Ipv4 inner(skb->data);
    const u8* header = skb->data + inner.header_bytes();
    sock* sk = tcp_lookup(inner.daddr(), wire::get16(header + 2), inner.saddr(), wire::get16(header), skb->skb_iif);
    if (!sk) {
        snmp_inc(Snmp::IcmpInErrors);
        return;
    }
    sock_lock(sk);
    tcp_sock* tp = tcp_sk(sk);
    const u32 seq = wire::get32(header + 4);
    if (tp->state == TCP_SYN_RECV && seq == tp->iss) tcp_done(sk, 0);
    sock_unlock(sk);
    sock_put(sk);
}

}  // namespace fw
