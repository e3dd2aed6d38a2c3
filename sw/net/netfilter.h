// SPDX-License-Identifier: Apache-2.0
// Hook points of the packet path (Linux net/netfilter/core.c). A hook point takes "what happens next" as an argument.
#pragma once
#include "sw/kernel/netdevice.h"

namespace fw {

enum NfHook : unsigned {
    NF_INET_PRE_ROUTING,
    NF_INET_LOCAL_IN,
    NF_INET_FORWARD,
    NF_INET_LOCAL_OUT,
    NF_INET_POST_ROUTING,
    NF_INET_NUMHOOKS
};

enum NfVerdict : unsigned { NF_DROP, NF_ACCEPT, NF_STOLEN, NF_QUEUE, NF_REPEAT };

/// Places in a chain, lowest first (Linux include/uapi/linux/netfilter_ipv4.h); IMQ and the ingress queue where the
/// documents' drawing has them: IMQ between mangle and nat on the way in and behind nat on the way out, the ingress
/// queue behind everything of PRE_ROUTING.
enum NfPriority : int {
    NF_IP_PRI_CONNTRACK_DEFRAG = -400,
    NF_IP_PRI_RAW = -300,
    NF_IP_PRI_CONNTRACK = -200,
    NF_IP_PRI_MANGLE = -150,
    NF_IP_PRI_IMQ_IN = -125,
    NF_IP_PRI_NAT_DST = -100,
    NF_IP_PRI_FILTER = 0,
    NF_IP_PRI_NAT_SRC = 100,
    NF_IP_PRI_IMQ_OUT = 125,
    NF_IP_PRI_QOS_INGRESS = 150,
    NF_IP_PRI_CONNTRACK_CONFIRM = 0x7FFFFFFF,
};

using nf_okfn = void (*)(sk_buff*);

/// Where a packet is: hook, devices, and how it goes on.
struct nf_hook_state {
    NfHook hook;
    net_device* in;
    net_device* out;
    nf_okfn okfn;
};

struct nf_hook_ops {
    NfVerdict (*hook)(void* priv, sk_buff* skb, const nf_hook_state* state);
    void* priv;
    NfHook hooknum;
    int priority;  ///< equal priorities: in the order of registration
};

inline constexpr unsigned kNfHooksPerPoint = 16;

struct nf_hook_entries {
    u32 count;
    const nf_hook_ops* ops[kNfHooksPerPoint];
};
extern nf_hook_entries nf_hooks[NF_INET_NUMHOOKS];

/// 0, -err::inval or -err::nospc. `ops` must outlive its registration.
int nf_register_hook(const nf_hook_ops* ops);
void nf_unregister_hook(const nf_hook_ops* ops);

/// Who filters: the tables of iptables, or ipchains, as one of the two (Linux 2.4: each is refused while the other is
/// loaded).
enum class NfFilter : u8 { none, iptables, ipchains };
/// One more table of iptables, or ipchains. -err::busy while the other is there.
int nf_register_filter(NfFilter who);
void nf_unregister_filter(NfFilter who);

/// A packet that a hook sent to the queue (NF_QUEUE) waits in one of these until nf_reinject.
struct nf_queue_entry {
    sk_buff* skb;
    nf_hook_state state;
    const nf_hook_ops* ops;  ///< the hook that queued it
};
inline constexpr unsigned kNfQueueEntries = 64;

/// Takes the entry and answers true, or refuses it; then the packet is dropped, as it is with no handler at all.
using nf_queue_handler = bool (*)(nf_queue_entry* entry);
void nf_register_queue_handler(nf_queue_handler handler);
/// Goes on behind the hook that queued the packet (NF_ACCEPT), at it (NF_REPEAT), or drops it.
void nf_reinject(nf_queue_entry* entry, NfVerdict verdict);

/// Runs the chain from its `first` entry on.
STAGE void nf_hook_slow(sk_buff* skb, const nf_hook_state* state, unsigned first);

inline void NF_HOOK(NfHook hook, sk_buff* skb, net_device* in, net_device* out, nf_okfn okfn) {
    if (likely(nf_hooks[hook].count == 0)) {
        okfn(skb);
        return;
    }
    const nf_hook_state state = {hook, in, out, okfn};
    nf_hook_slow(skb, &state, 0);
}

}  // namespace fw
