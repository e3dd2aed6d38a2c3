// SPDX-License-Identifier: Apache-2.0
// Counts the fragments of each source, for ipfrag_max_dist.
#include "sw/net/ipq.h"

namespace fw {
namespace {

constexpr unsigned kBuckets = 256;
constinit frag_source pool[kMaxIpq] = {};  // one for each datagram at most
constinit frag_source* free_list = nullptr;
constinit frag_source* buckets[kBuckets] = {};

frag_source** bucket_of(u32 saddr) {
    constexpr u32 kGolden = 0x9E3779B9;
    return &buckets[(saddr * kGolden) >> 24];
}

}  // namespace

void frag_source_init() {
    for (frag_source*& head : buckets) head = nullptr;
    free_list = nullptr;
    for (frag_source& source : pool) {
        source.next = free_list;
        free_list = &source;
    }
}

frag_source* frag_source_get(u32 saddr) {
    frag_source** bucket = bucket_of(saddr);
    for (frag_source* source = *bucket; source; source = source->next) {
        if (source->saddr != saddr) continue;
        ++source->users;
        return source;
    }
    frag_source* source = free_list;
    free_list = source->next;
    *source = {*bucket, saddr, 1, 0};
    *bucket = source;
    return source;
}

void frag_source_put(frag_source* source) {
    if (--source->users != 0) return;
    frag_source** link = bucket_of(source->saddr);
    while (*link != source) link = &(*link)->next;
    *link = source->next;
    source->next = free_list;
    free_list = source;
}

}  // namespace fw
