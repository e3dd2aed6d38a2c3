// SPDX-License-Identifier: Apache-2.0
// The checks of Linux 6.18 net/ipv4/ip_options.c, in its order. What a received packet asks to be recorded is written
// at once: this host's address as the packet's sender should see it, and the time.
#include "sw/net/ip_options.h"

#include "sw/kernel/error.h"
#include "sw/net/fib.h"
#include "sw/net/icmp.h"
#include "sw/net/ip.h"

namespace fw {

using namespace wire;

namespace {

/// What the checks of single options share.
struct Compiler {
    ip_options* opt;
    sk_buff* skb;  ///< nullptr: options of a socket, in which nothing is recorded yet
    u8* iph;       ///< where the header begins, of which the options are the end
    u32 spec_dst;  ///< this host's address, once it was needed

    u8 offset_of(const u8* option) const { return static_cast<u8>(option - iph); }

    void record_address(u8* at) {
        if (spec_dst == 0) spec_dst = fib_compute_spec_dst(skb);
        put32(at, spec_dst);
        opt->is_changed = true;
    }
    void record_time(u8* at) {
        put32(at, inet_current_timestamp());
        opt->is_changed = true;
    }
};

// Each check answers kGood or the byte at fault.
constexpr u8* kGood = nullptr;

/// Pointer of a list's first entry: behind type, length and the pointer itself (RFC 791 3.1 counts from 1).
constexpr unsigned kFirstEntry = 4;

u8* compile_source_route(Compiler& all, u8* option, unsigned len) {
    if (len < 3) return option + 1;
    if (option[2] < kFirstEntry) return option + 2;
    if (all.opt->srr != 0) return option;  // RFC 1812 5.2.4.1: at most one
    if (!all.skb) {
        if (option[2] != kFirstEntry || len < 7 || (len - 3) % 4 != 0) return option + 1;
        all.opt->faddr = get32(option + 3);
        __builtin_memmove(option + 3, option + 7, len - 7);
    }
    all.opt->is_strictroute = option[0] == IPOPT_SSRR;
    all.opt->srr = all.offset_of(option);
    return kGood;
}

u8* compile_record_route(Compiler& all, u8* option, unsigned len) {
    if (all.opt->rr != 0) return option;
    if (len < 3) return option + 1;
    const unsigned pointer = option[2];
    if (pointer < kFirstEntry) return option + 2;
    if (pointer <= len) {
        if (pointer + 3 > len) return option + 2;
        if (all.skb) all.record_address(option + pointer - 1);
        option[2] = static_cast<u8>(pointer + 4);
        all.opt->rr_needaddr = true;
    }
    all.opt->rr = all.offset_of(option);
    return kGood;
}

/// There is room: an entry is the time alone, or an address and the time.
u8* compile_timestamp_entry(Compiler& all, u8* option, unsigned len) {
    const unsigned pointer = option[2];
    const unsigned flag = option[3] & 0xF;
    if (pointer + 3 > len) return option + 2;
    if (flag == IPOPT_TS_TSONLY) {
        if (all.skb) all.record_time(option + pointer - 1);
        all.opt->ts_needtime = true;
        option[2] = static_cast<u8>(pointer + 4);
        return kGood;
    }
    if (flag != IPOPT_TS_TSANDADDR && flag != IPOPT_TS_PRESPEC) return kGood;
    if (pointer + 7 > len) return option + 2;
    if (flag == IPOPT_TS_PRESPEC) {
        if (inet_addr_type(get32(option + pointer - 1)) == regs::config::RTN_UNICAST) return kGood;  // somebody else's
    } else {
        if (all.skb) all.record_address(option + pointer - 1);
        all.opt->ts_needaddr = true;
    }
    if (all.skb) all.record_time(option + pointer + 3);
    all.opt->ts_needtime = true;
    option[2] = static_cast<u8>(pointer + 8);
    return kGood;
}

u8* compile_timestamp(Compiler& all, u8* option, unsigned len) {
    constexpr unsigned kFirstTime = 5, kOverflowMost = 15;
    if (all.opt->ts != 0) return option;
    if (len < 4) return option + 1;
    if (option[2] < kFirstTime) return option + 2;
    if (option[2] <= len) {
        u8* fault = compile_timestamp_entry(all, option, len);
        if (fault != kGood) return fault;
    } else if ((option[3] & 0xF) != IPOPT_TS_PRESPEC) {
        const unsigned overflow = option[3] >> 4;
        if (overflow == kOverflowMost) return option + 3;
        if (all.skb) {
            option[3] = static_cast<u8>((option[3] & 0xF) | (overflow + 1) << 4);
            all.opt->is_changed = true;
        }
    }
    all.opt->ts = all.offset_of(option);
    return kGood;
}

u8* compile_router_alert(Compiler& all, u8* option, unsigned len) {
    if (len < 4) return option + 1;
    if (option[2] == 0 && option[3] == 0) all.opt->router_alert = all.offset_of(option);  // RFC 2113 2.1
    return kGood;
}

/// Nobody has configured a domain of interpretation, so none is known (Linux net/ipv4/cipso_ipv4.c,
/// cipso_v4_validate).
u8* compile_cipso(Compiler& all, u8* option, unsigned len) {
    if (all.opt->cipso != 0) return option;
    all.opt->cipso = all.offset_of(option);
    return len < 8 ? option + 1 : option + 2;
}

u8* compile_option(Compiler& all, u8* option, unsigned len) {
    switch (option[0]) {
        case IPOPT_SSRR:
        case IPOPT_LSRR:
            return compile_source_route(all, option, len);
        case IPOPT_RR:
            return compile_record_route(all, option, len);
        case IPOPT_TIMESTAMP:
            return compile_timestamp(all, option, len);
        case IPOPT_RA:
            return compile_router_alert(all, option, len);
        case IPOPT_CIPSO:
            return compile_cipso(all, option, len);
        default:
            return kGood;
    }
}

/// Everything behind the end of the list is made zero (RFC 791 3.1).
void clear_behind_end(u8* at, const u8* end, ip_options* opt) {
    for (; at < end; ++at) {
        if (*at == IPOPT_END) continue;
        *at = IPOPT_END;
        opt->is_changed = true;
    }
}

u8* compile(Compiler& all) {
    u8* at = all.iph + kIpv4HeaderBytes;
    u8* const end = at + all.opt->optlen;
    while (at < end) {
        if (*at == IPOPT_END) {
            clear_behind_end(at + 1, end, all.opt);
            return kGood;
        }
        if (*at == IPOPT_NOOP) {
            ++at;
            continue;
        }
        if (end - at < 2) return at;
        const unsigned len = at[1];
        if (len < 2 || len > static_cast<unsigned>(end - at)) return at;
        u8* fault = compile_option(all, at, len);
        if (fault != kGood) return fault;
        at += len;
    }
    return kGood;
}

u8* compile_received(sk_buff* skb) {
    const Ipv4 ip = ip_hdr(skb);
    Compiler all = {&IPCB(skb)->opt, skb, ip.bytes(), 0};
    all.opt->optlen = static_cast<u8>(ip.option_bytes());
    return compile(all);
}

}  // namespace

STAGE int ip_options_compile(sk_buff* skb) {
    const u8* fault = compile_received(skb);
    if (likely(fault == kGood)) return 0;
    icmp_send(skb, ICMP_PARAMETERPROB, 0, static_cast<u32>(fault - ip_hdr(skb).bytes()) << 24);
    return -err::inval;
}

bool ip_options_recompile(sk_buff* skb) {
    IPCB(skb)->opt = {};
    return compile_received(skb) == kGood;
}

int ip_options_get(ip_options_data* options, const u8* data, unsigned bytes) {
    if (bytes > kMaxOptionBytes) return -err::inval;
    *options = {};
    __builtin_memcpy(options->data, data, bytes);
    options->opt.optlen = static_cast<u8>((bytes + 3) & ~3U);  // what was added is IPOPT_END
    Compiler all = {&options->opt, nullptr, options->data - kIpv4HeaderBytes, 0};
    return compile(all) == kGood ? 0 : -err::inval;
}

}  // namespace fw
