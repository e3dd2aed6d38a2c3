// SPDX-License-Identifier: Apache-2.0
// Options of forwarded packets (Linux net/ipv4/ip_options.c, ip_forward_options): this host records the address of the
// device that the packet leaves by (RFC 791 3.1, RFC 1812 5.2.4).
#include "sw/kernel/printk.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"

namespace fw {

using namespace wire;

namespace {

/// This host takes its place in the source route, and the packet goes to the next stop.
void advance_source_route(sk_buff* skb) {
    ip_options& opt = IPCB(skb)->opt;
    Ipv4 ip = ip_hdr(skb);
    u8* option = ip.bytes() + opt.srr;
    const unsigned space = option[1];
    unsigned pointer = option[2];
    while (pointer + 3 <= space && get32(option + pointer - 1) != opt.nexthop) pointer += 4;
    if (pointer + 3 <= space) {
        opt.is_changed = true;
        put32(option + pointer - 1, ip_rt_get_source(skb));
        ip.set_daddr(opt.nexthop);
        option[2] = static_cast<u8>(pointer + 4);
    } else {
        printk(2, "ip_forward(): Argh! Destination lost!\n");
    }
    if (opt.ts_needaddr) {
        u8* stamp = ip.bytes() + opt.ts;
        put32(stamp + stamp[2] - 9, ip_rt_get_source(skb));
        opt.is_changed = true;
    }
}

}  // namespace

STAGE void ip_forward_options(sk_buff* skb) {
    ip_options& opt = IPCB(skb)->opt;
    const Ipv4 ip = ip_hdr(skb);
    if (opt.rr_needaddr) {
        u8* option = ip.bytes() + opt.rr;
        put32(option + option[2] - 5, ip_rt_get_source(skb));
        opt.is_changed = true;
    }
    if (opt.srr_is_hit) advance_source_route(skb);
    if (opt.is_changed) {
        opt.is_changed = false;
        ip_send_check(ip);
    }
}

}  // namespace fw
