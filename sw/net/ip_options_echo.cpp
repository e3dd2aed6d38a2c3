// SPDX-License-Identifier: Apache-2.0
// Options of an answer (RFC 1122 3.2.2.6, RFC 1812 4.3.2.6; Linux net/ipv4/ip_options.c, __ip_options_echo): records go
// on in it, a source route leads back.
#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/ip.h"

namespace fw {

using namespace wire;

namespace {

/// The answer's options as they grow.
struct Echo {
    ip_options_data* to;
    u8* at;

    u8 offset() const { return static_cast<u8>(kIpv4HeaderBytes + to->opt.optlen); }
    void take(unsigned bytes) {
        at += bytes;
        to->opt.optlen = static_cast<u8>(to->opt.optlen + bytes);
    }
};

int echo_record_route(Echo& echo, const u8* option, bool needaddr) {
    const unsigned len = option[1];
    const unsigned pointer = option[2];
    echo.to->opt.rr = echo.offset();
    __builtin_memcpy(echo.at, option, len);
    if (needaddr && pointer <= len) {
        if (pointer + 3 > len) return -err::inval;
        echo.at[2] = static_cast<u8>(pointer + 4);
        echo.to->opt.rr_needaddr = true;
    }
    echo.take(len);
    return 0;
}

/// Where the pointer is to be behind the entry for the time; it stays where the next named address is another host's.
unsigned behind_time(ip_options& opt, const u8* option, unsigned pointer) {
    if ((option[3] & 0xF) != IPOPT_TS_PRESPEC) {
        opt.ts_needtime = true;
        return pointer + 4;
    }
    if (pointer + 7 > option[1]) return pointer;
    if (inet_addr_type(get32(option + pointer - 1)) == regs::config::RTN_UNICAST) return pointer;
    opt.ts_needtime = true;
    return pointer + 8;
}

int echo_timestamp(Echo& echo, const u8* option, const ip_options* from) {
    ip_options& opt = echo.to->opt;
    const unsigned len = option[1];
    unsigned pointer = option[2];
    opt.ts = echo.offset();
    __builtin_memcpy(echo.at, option, len);
    if (pointer <= len) {
        if (from->ts_needaddr) {
            if (pointer + 3 > len) return -err::inval;
            opt.ts_needaddr = true;
            pointer += 4;
        }
        if (from->ts_needtime) {
            if (pointer + 3 > len) return -err::inval;
            pointer = behind_time(opt, echo.at, pointer);
        }
        echo.at[2] = static_cast<u8>(pointer);
    }
    echo.take(len);
    return 0;
}

void echo_cipso(Echo& echo, const u8* option) {
    echo.to->opt.cipso = echo.offset();
    __builtin_memcpy(echo.at, option, option[1]);
    echo.take(option[1]);
}

/// The stops so far in the other order; the last of them becomes the first hop.
void echo_source_route(Echo& echo, const u8* option, u32 saddr, bool strict) {
    const unsigned len = option[1];
    unsigned from = option[2] > len ? len + 1U : option[2];
    from -= 4;
    if (from <= 3) return;
    const u32 first = get32(option + from - 1);
    unsigned to = 4;
    for (from -= 4; from > 3; from -= 4, to += 4) __builtin_memcpy(echo.at + to - 1, option + from - 1, 4);
    // RFC 1812 5.2.4.1: a route that begins with its source is put right.
    if (get32(option + from + 3) == saddr) to -= 4;
    if (to <= 3) return;
    echo.to->opt.faddr = first;
    echo.at[0] = option[0];
    echo.at[1] = static_cast<u8>(to + 3);
    echo.at[2] = 4;
    echo.to->opt.srr = echo.offset();
    echo.to->opt.is_strictroute = strict;
    echo.take(to + 3);
}

}  // namespace

int ip_options_echo(ip_options_data* to, const sk_buff* skb, const ip_options* from) {
    *to = {};
    if (likely(from->optlen == 0)) return 0;
    const Ipv4 ip = ip_hdr(skb);
    Echo echo = {to, to->data};
    if (from->rr) {
        const int error = echo_record_route(echo, ip.bytes() + from->rr, from->rr_needaddr);
        if (error != 0) return error;
    }
    if (from->ts) {
        const int error = echo_timestamp(echo, ip.bytes() + from->ts, from);
        if (error != 0) return error;
    }
    if (from->srr) echo_source_route(echo, ip.bytes() + from->srr, ip.saddr(), from->is_strictroute);
    if (from->cipso) echo_cipso(echo, ip.bytes() + from->cipso);
    while (to->opt.optlen % 4 != 0) {
        *echo.at = IPOPT_END;
        echo.take(1);
    }
    return 0;
}

}  // namespace fw
