// SPDX-License-Identifier: Apache-2.0
#include "sw/net/ip.h"

namespace fw {

using namespace wire;

void ip_options_fragment(sk_buff* skb) {
    ip_options& opt = IPCB(skb)->opt;
    u8* at = ip_hdr(skb).options();
    u8* const end = at + opt.optlen;
    while (at < end && *at != IPOPT_END) {
        if (*at == IPOPT_NOOP) {
            ++at;
            continue;
        }
        if (end - at < 2) return;
        const unsigned len = at[1];
        if (len < 2 || len > static_cast<unsigned>(end - at)) return;
        if (!ipopt_copied(*at)) __builtin_memset(at, IPOPT_NOOP, len);
        at += len;
    }
    opt.ts = opt.rr = 0;
    opt.rr_needaddr = opt.ts_needaddr = opt.ts_needtime = false;
}

}  // namespace fw
