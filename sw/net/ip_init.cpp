// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/dev_mcast.h"
#include "sw/net/arp.h"
#include "sw/net/devinet.h"
#include "sw/net/fib.h"
#include "sw/net/icmp.h"
#include "sw/net/igmp.h"
#include "sw/net/ip.h"
#include "sw/net/ip_defrag.h"
#include "sw/net/ipmr.h"
#include "sw/net/neighbour.h"
#include "sw/net/net.h"
#include "sw/net/sock.h"

namespace fw {
namespace {

constinit packet_type ip_packet_type = {wire::swap16(wire::ETH_P_IP), ip_rcv, nullptr};

}  // namespace

void ip_init() {
    ip_route_init();
    fib_init();
    neigh_init();
    devinet_init();
    ip_defrag_init();
    dev_mc_init();
    igmp_init();
    ipmr_init();
    inet_protocols_init();
    ip_local_out_init();
    icmp_init();
    sockets_init();
    dev_add_pack(&ip_packet_type);
    arp_init();
}

}  // namespace fw
