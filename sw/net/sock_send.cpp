// SPDX-License-Identifier: Apache-2.0
// What sockets of datagrams do alike when they send (Linux include/net/ip.h, ipcm_init_sk; net/ipv4/udp.c, raw.c).
#include "sw/kernel/error.h"
#include "sw/net/ip.h"
#include "sw/net/sock.h"

namespace fw {

ipcm_cookie sk_cookie(sock* sk) {
    ipcm_cookie ipc;
    ipc.tos = sk->tos;
    ipc.ttl = sk->ttl;
    ipc.mc_ttl = sk->mc_ttl;
    ipc.mark = sk->mark;
    ipc.priority = sk->priority;
    ipc.mc_loop = sk->mc_loop;
    ipc.pmtudisc = sk->pmtudisc;
    if (sk->daddr != 0) ipc.ident = &sk->ident;
    return ipc;
}

void sk_flow_to_group(const sock* sk, flowi4* flow) {
    if (!wire::ipv4_is_multicast(flow->daddr)) return;
    if (flow->oif == 0) flow->oif = sk->mc_dev;
    if (flow->saddr == 0) flow->saddr = sk->mc_addr;
}

int sk_append_failed(sock* sk, rtable* rt, const flowi4& flow, int error) {
    if (error == -err::msgsize) {
        ip_local_error(sk, err::msgsize, flow.daddr, sk->dport, ip_append_mtu(rt, flow, sk->pmtudisc));
    } else {
        snmp_inc(Snmp::IpOutDiscards);
    }
    return error;
}

}  // namespace fw
