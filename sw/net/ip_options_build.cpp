// SPDX-License-Identifier: Apache-2.0
// Options of this host's own packets (Linux net/ipv4/ip_options.c, ip_options_build and ip_options_undo).
#include "sw/net/ip.h"

namespace fw {

using namespace wire;

void ip_options_build(sk_buff* skb, const ip_options_data* options, u32 daddr) {
    ip_options& opt = IPCB(skb)->opt;
    opt = options->opt;
    const Ipv4 ip = ip_hdr(skb);
    u8* iph = ip.bytes();
    __builtin_memcpy(ip.options(), options->data, opt.optlen);

    // The header's destination is the first hop, so the list ends with the destination.
    if (opt.srr) put32(iph + opt.srr + iph[opt.srr + 1] - 4, daddr);
    if (opt.rr_needaddr) put32(iph + opt.rr + iph[opt.rr + 2] - 5, ip_rt_get_source(skb));
    if (opt.ts_needaddr) put32(iph + opt.ts + iph[opt.ts + 2] - 9, ip_rt_get_source(skb));
    if (opt.ts_needtime) put32(iph + opt.ts + iph[opt.ts + 2] - 5, inet_current_timestamp());
}

namespace {

/// Takes the pointer back by one entry of 4 bytes and clears that.
void take_back(u8* option) {
    option[2] = static_cast<u8>(option[2] - 4);
    put32(option + option[2] - 1, 0);
}

}  // namespace

void ip_options_undo(ip_options_data* options) {
    const ip_options& opt = options->opt;
    u8* iph = options->data - kIpv4HeaderBytes;
    if (opt.srr) {
        u8* option = iph + opt.srr;
        __builtin_memmove(option + 7, option + 3, option[1] - 7U);
        put32(option + 3, opt.faddr);
    }
    if (opt.rr_needaddr) take_back(iph + opt.rr);
    if (opt.ts) {
        u8* option = iph + opt.ts;
        if (opt.ts_needtime) {
            take_back(option);
            if ((option[3] & 0xF) == IPOPT_TS_PRESPEC) option[2] = static_cast<u8>(option[2] - 4);
        }
        if (opt.ts_needaddr) take_back(option);
    }
}

}  // namespace fw
