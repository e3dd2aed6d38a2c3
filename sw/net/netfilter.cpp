// SPDX-License-Identifier: Apache-2.0
#include "sw/net/netfilter.h"

#include "sw/kernel/error.h"
#include "sw/kernel/spinlock.h"

namespace fw {

constinit nf_hook_entries nf_hooks[NF_INET_NUMHOOKS] = {};

namespace {

constinit NfFilter filter = NfFilter::none;
constinit u32 filter_users = 0;
constinit nf_queue_handler queue_handler = nullptr;
constinit nf_queue_entry queue_entries[kNfQueueEntries] = {};
constinit spinlock queue_lock = {LockClass::nf_queue};

nf_queue_entry* take_queue_entry(const nf_queue_entry& wanted) {
    nf_queue_entry* taken = nullptr;
    spin_lock(queue_lock);
    for (nf_queue_entry& entry : queue_entries) {
        if (entry.skb) continue;
        entry = wanted;
        taken = &entry;
        break;
    }
    spin_unlock(queue_lock);
    return taken;
}

void give_queue_entry(nf_queue_entry* entry) {
    spin_lock(queue_lock);
    entry->skb = nullptr;
    spin_unlock(queue_lock);
}

void nf_queue(sk_buff* skb, const nf_hook_state* state, const nf_hook_ops* ops) {
    nf_queue_entry* entry = queue_handler ? take_queue_entry({skb, *state, ops}) : nullptr;
    if (entry) {
        if (queue_handler(entry)) return;
        give_queue_entry(entry);
    }
    kfree_skb_reason(skb, Fate::netfilter);
}

/// Index of `ops` in its chain; when it has gone meanwhile, of the first entry that lies behind its place.
unsigned place_of(const nf_hook_ops* ops, bool* registered) {
    const nf_hook_entries& chain = nf_hooks[ops->hooknum];
    unsigned behind = 0;
    for (unsigned i = 0; i < chain.count; ++i) {
        if (chain.ops[i] == ops) {
            *registered = true;
            return i;
        }
        if (chain.ops[i]->priority <= ops->priority) behind = i + 1;
    }
    *registered = false;
    return behind;
}

}  // namespace

int nf_register_hook(const nf_hook_ops* ops) {
    if (ops->hooknum >= NF_INET_NUMHOOKS || !ops->hook) return -err::inval;
    nf_hook_entries& chain = nf_hooks[ops->hooknum];
    if (chain.count == kNfHooksPerPoint) return -err::nospc;
    unsigned at = chain.count;
    for (; at > 0 && chain.ops[at - 1]->priority > ops->priority; --at) chain.ops[at] = chain.ops[at - 1];
    chain.ops[at] = ops;
    ++chain.count;
    return 0;
}

void nf_unregister_hook(const nf_hook_ops* ops) {
    nf_hook_entries& chain = nf_hooks[ops->hooknum];
    unsigned kept = 0;
    for (unsigned i = 0; i < chain.count; ++i) {
        if (chain.ops[i] != ops) chain.ops[kept++] = chain.ops[i];
    }
    chain.count = kept;
}

int nf_register_filter(NfFilter who) {
    if (filter_users != 0 && filter != who) return -err::busy;
    filter = who;
    ++filter_users;
    return 0;
}

void nf_unregister_filter(NfFilter who) {
    if (filter == who && filter_users != 0) --filter_users;
}

void nf_register_queue_handler(nf_queue_handler handler) { queue_handler = handler; }

void nf_reinject(nf_queue_entry* entry, NfVerdict verdict) {
    sk_buff* skb = entry->skb;
    const nf_hook_state state = entry->state;
    bool registered = false;
    const unsigned at = place_of(entry->ops, &registered);
    give_queue_entry(entry);
    switch (verdict) {
        case NF_ACCEPT:
            nf_hook_slow(skb, &state, registered ? at + 1 : at);
            return;
        case NF_REPEAT:
            nf_hook_slow(skb, &state, at);
            return;
        case NF_STOLEN:
            return;
        case NF_DROP:
        case NF_QUEUE:
            kfree_skb_reason(skb, Fate::netfilter);
    }
}

STAGE void nf_hook_slow(sk_buff* skb, const nf_hook_state* state, unsigned first) {
    const nf_hook_entries& chain = nf_hooks[state->hook];
    unsigned at = first;
    while (at < chain.count) {
        const nf_hook_ops* ops = chain.ops[at];
        switch (ops->hook(ops->priv, skb, state)) {
            case NF_ACCEPT:
                ++at;
                break;
            case NF_REPEAT:
                break;
            case NF_STOLEN:
                return;
            case NF_QUEUE:
                nf_queue(skb, state, ops);
                return;
            case NF_DROP:
                kfree_skb_reason(skb, Fate::netfilter);
                return;
        }
    }
    state->okfn(skb);
}

}  // namespace fw
