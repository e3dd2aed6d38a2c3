// SPDX-License-Identifier: Apache-2.0
// IP options of received packets: the checks of Linux net/ipv4/ip_options.c, in its order, as they decide which packets
// die of their options. What the options ask for (recording routes and times) is not done.
#include "sw/net/fib.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"
#include "sw/wire/ipv4_options.h"

namespace fw {

using namespace wire;

namespace {

constexpr u8* kGood = nullptr;

/// Everything behind the end of the list is made zero (RFC 791 3.1).
void clear_behind_end(u8* at, const u8* end, inet_skb_parm* parm) {
    for (; at < end; ++at) {
        if (*at == IPOPT_END) continue;
        *at = IPOPT_END;
        parm->is_changed = 1;
    }
}

// Each check answers kGood or the byte at fault.

u8* check_source_route(u8* option, unsigned len, const inet_skb_parm* parm) {
    if (len < 3) return option + 1;
    if (option[2] < 4) return option + 2;
    if (parm->srr != 0) return option;  // RFC 1812 5.2.4.1: at most one
    return kGood;
}

u8* check_record_route(u8* option, unsigned len, const inet_skb_parm* parm) {
    if (parm->rr != 0) return option;
    if (len < 3) return option + 1;
    if (option[2] < 4) return option + 2;
    if (option[2] <= len && option[2] + 3U > len) return option + 2;
    return kGood;
}

u8* check_timestamp(u8* option, unsigned len, const inet_skb_parm* parm) {
    if (parm->ts != 0) return option;
    if (len < 4) return option + 1;
    const unsigned pointer = option[2];
    const unsigned flag = option[3] & 0xF;
    if (pointer < 5) return option + 2;
    if (pointer > len) return (option[3] >> 4) == 15 ? option + 3 : kGood;  // full: counts overflows, up to 15
    if (pointer + 3 > len) return option + 2;
    const bool with_address = flag == IPOPT_TS_TSANDADDR || flag == IPOPT_TS_PRESPEC;
    if (with_address && pointer + 7 > len) return option + 2;
    return kGood;
}

u8* check_option(u8* option, unsigned len, u8 offset, inet_skb_parm* parm) {
    u8* fault = kGood;
    switch (option[0]) {
        case IPOPT_SSRR:
        case IPOPT_LSRR:
            fault = check_source_route(option, len, parm);
            parm->srr = offset;
            parm->is_strictroute = option[0] == IPOPT_SSRR;
            break;
        case IPOPT_RR:
            fault = check_record_route(option, len, parm);
            parm->rr = offset;
            break;
        case IPOPT_TIMESTAMP:
            fault = check_timestamp(option, len, parm);
            parm->ts = offset;
            break;
        case IPOPT_RA:
            if (len < 4) fault = option + 1;
            break;
        default:
            break;
    }
    return fault;
}

}  // namespace

STAGE int ip_options_compile(sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    inet_skb_parm* parm = IPCB(skb);
    parm->optlen = static_cast<u8>(ip.option_bytes());
    u8* at = ip.options();
    u8* const end = at + ip.option_bytes();
    while (at < end) {
        const u8 offset = static_cast<u8>(at - ip.bytes());
        if (*at == IPOPT_END) {
            clear_behind_end(at + 1, end, parm);
            break;
        }
        if (*at == IPOPT_NOOP) {
            ++at;
            continue;
        }
        if (end - at < 2) return offset;
        const unsigned len = at[1];
        if (len < 2 || len > static_cast<unsigned>(end - at)) return offset;
        const u8* fault = check_option(at, len, offset, parm);
        if (fault != kGood) return static_cast<int>(fault - ip.bytes());
        at += len;
    }
    return 0;
}

void ip_options_fragment(Ipv4 ip) {
    u8* at = ip.options();
    u8* const end = at + ip.option_bytes();
    while (at < end && *at != IPOPT_END) {
        if (*at == IPOPT_NOOP) {
            ++at;
            continue;
        }
        if (end - at < 2) return;
        const unsigned len = at[1];
        if (len < 2 || len > static_cast<unsigned>(end - at)) return;
        if (!ipopt_copied(*at)) {
            for (unsigned i = 0; i < len; ++i) at[i] = IPOPT_NOOP;
        }
        at += len;
    }
}

}  // namespace fw
