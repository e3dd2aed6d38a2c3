// SPDX-License-Identifier: Apache-2.0
#include "sw/net/inetpeer.h"

#include "sw/kernel/spinlock.h"
#include "sw/kernel/sysctl.h"
#include "sw/kernel/time.h"
#include "sw/kernel/timer.h"

namespace fw {
namespace {

/// What a host may have saved up before it is known: Linux sets rate_last this far back (inet_getpeer).
constexpr u64 kSavedUp = 60 * kSec;
/// XRLIM_BURST_FACTOR: errors at once to one host.
constexpr u64 kBurstFactor = 6;
constexpr unsigned kHashSize = 256;

struct inet_peer {
    inet_peer* hash_next;
    inet_peer* newer;  ///< order of use
    inet_peer* older;
    u64 rate_last;  ///< us since READY, plus kSavedUp
    u64 rate_tokens;
    u32 address;
    u32 n_redirects;
};

constinit spinlock peer_lock = {LockClass::inetpeer};
constinit inet_peer pool[kMaxInetPeers] = {};
constinit unsigned in_use = 0;
constinit inet_peer* hash[kHashSize] = {};
constinit inet_peer* newest = nullptr;
constinit inet_peer* oldest = nullptr;

inet_peer** bucket_of(u32 address) {
    return &hash[(address ^ address >> 8 ^ address >> 16 ^ address >> 24) % kHashSize];
}

/// Time on a clock that shows kSavedUp at READY.
u64 now_us() { return uptime_us() + kSavedUp; }

void unlink(inet_peer* peer) {
    (peer->newer ? peer->newer->older : newest) = peer->older;
    (peer->older ? peer->older->newer : oldest) = peer->newer;
}

void put_first(inet_peer* peer) {
    peer->newer = nullptr;
    peer->older = newest;
    (newest ? newest->newer : oldest) = peer;
    newest = peer;
}

/// A place for one more host.
inet_peer* take() {
    if (in_use < kMaxInetPeers) return &pool[in_use++];
    inet_peer* peer = oldest;
    unlink(peer);
    inet_peer** link = bucket_of(peer->address);
    while (*link != peer) link = &(*link)->hash_next;
    *link = peer->hash_next;
    return peer;
}

/// The host, known or new. The caller holds the lock.
inet_peer* inet_getpeer_v4(u32 address) {
    inet_peer** bucket = bucket_of(address);
    inet_peer* peer = *bucket;
    while (peer && peer->address != address) peer = peer->hash_next;
    if (peer) {
        unlink(peer);
    } else {
        peer = take();
        *peer = {};
        peer->address = address;
        peer->rate_last = now_us() - kSavedUp;
        peer->hash_next = *bucket;
        *bucket = peer;
    }
    put_first(peer);
    return peer;
}

bool take_tokens(inet_peer* peer, u64 cost, u64 burst) {
    const u64 now = now_us();
    const u64 saved = peer->rate_tokens + elapsed(peer->rate_last, now);
    peer->rate_tokens = saved < burst ? saved : burst;
    peer->rate_last = now;
    if (peer->rate_tokens < cost) return false;
    peer->rate_tokens -= cost;
    return true;
}

/// Time to the next redirect after so many of them.
u64 redirect_pause(u32 n_redirects) {
    constexpr u32 kMostDoublings = 24;  // some centuries, however many redirects are allowed
    const u64 load = static_cast<u64>(sysctl(SysctlId::route_redirect_load)) * kMsec;
    return load << (n_redirects < kMostDoublings ? n_redirects : kMostDoublings);
}

/// Linux ip_rt_send_redirect.
RedirectVerdict take_redirect(inet_peer* peer) {
    const u64 now = now_us();
    const u64 silence = static_cast<u64>(sysctl(SysctlId::route_redirect_silence)) * kMsec;
    if (now > peer->rate_last + silence) {
        peer->rate_tokens = 0;
        peer->n_redirects = 0;
    }
    if (peer->n_redirects >= sysctl(SysctlId::route_redirect_number)) {
        peer->rate_last = now;
        return RedirectVerdict::silence;
    }
    if (peer->n_redirects != 0 && now <= peer->rate_last + redirect_pause(peer->n_redirects)) {
        return RedirectVerdict::silence;
    }
    peer->rate_last = now;
    ++peer->n_redirects;
    return peer->n_redirects == sysctl(SysctlId::route_redirect_number) ? RedirectVerdict::last : RedirectVerdict::send;
}

}  // namespace

bool inet_peer_error_allow(u32 address, u64 cost, u64 burst) {
    spin_lock(peer_lock);
    const bool allowed = take_tokens(inet_getpeer_v4(address), cost, burst);
    spin_unlock(peer_lock);
    return allowed;
}

bool inet_peer_xrlim_allow(u32 address, u64 timeout) {
    return inet_peer_error_allow(address, timeout, kBurstFactor * timeout);
}

RedirectVerdict inet_peer_redirect_allow(u32 address) {
    spin_lock(peer_lock);
    const RedirectVerdict verdict = take_redirect(inet_getpeer_v4(address));
    spin_unlock(peer_lock);
    return verdict;
}

unsigned inet_peers_in_use() { return in_use; }

void inet_peer_init() {
    in_use = 0;
    for (inet_peer*& head : hash) head = nullptr;
    newest = oldest = nullptr;
}

}  // namespace fw
