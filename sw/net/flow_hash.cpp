// SPDX-License-Identifier: Apache-2.0
#include "sw/net/flow_hash.h"

namespace fw {
namespace {

constexpr u64 rotate_left(u64 value, unsigned bits) { return value << bits | value >> (64 - bits); }
constexpr u32 rotate_left(u32 value, unsigned bits) { return value << bits | value >> (32 - bits); }

/// SipHash-2-4 (Aumasson, Bernstein: SipHash: a fast short-input PRF, 2012, section 2), by words.
class SipHash {
  public:
    explicit SipHash(u64 key_0, u64 key_1)
        : v0_(0x736F6D6570736575 ^ key_0),
          v1_(0x646F72616E646F6D ^ key_1),
          v2_(0x6C7967656E657261 ^ key_0),
          v3_(0x7465646279746573 ^ key_1) {}
    void add(u64 word) {
        v3_ ^= word;
        round();
        round();
        v0_ ^= word;
    }
    /// `bytes`: how many there were, a multiple of 8.
    u64 finish(u64 bytes) {
        add(bytes << 56);
        v2_ ^= 0xFF;
        for (unsigned n = 0; n < 4; ++n) round();
        return v0_ ^ v1_ ^ v2_ ^ v3_;
    }

  private:
    void round() {
        v0_ += v1_;
        v1_ = rotate_left(v1_, 13) ^ v0_;
        v0_ = rotate_left(v0_, 32);
        v2_ += v3_;
        v3_ = rotate_left(v3_, 16) ^ v2_;
        v0_ += v3_;
        v3_ = rotate_left(v3_, 21) ^ v0_;
        v2_ += v1_;
        v1_ = rotate_left(v1_, 17) ^ v2_;
        v2_ = rotate_left(v2_, 32);
    }
    u64 v0_, v1_, v2_, v3_;
};

/// As Linux has them in memory: in network order, read as little-endian numbers.
struct raw_keys {
    u32 saddr, daddr;
    u16 sport, dport;
};

/// __flow_hash_consistentify
raw_keys consistentify(const flow_keys& keys) {
    raw_keys raw{__builtin_bswap32(keys.saddr), __builtin_bswap32(keys.daddr), __builtin_bswap16(keys.source_port()),
                 __builtin_bswap16(keys.destination_port())};
    if (raw.daddr < raw.saddr) {
        const u32 saddr = raw.saddr;
        raw.saddr = raw.daddr;
        raw.daddr = saddr;
    }
    if (raw.dport < raw.sport) {
        const u16 sport = raw.sport;
        raw.sport = raw.dport;
        raw.dport = sport;
    }
    return raw;
}

}  // namespace

// The bytes of struct flow_keys from `basic` to the end of an IPv4 pair of addresses and 4 of those of IPv6:
// basic 4, tags 4, vlan 8, cvlan 8, keyid 4, ports 4, icmp 4, addrs 8 and 4.
u32 flow_hash_from_keys_seed(const flow_keys& keys, u32 seed) {
    constexpr u64 kBytes = 48;
    const raw_keys raw = consistentify(keys);
    const u64 key = u64{seed} << 32 | seed;  // fib_multipath_hash_construct_key
    SipHash hash(key, key);
    hash.add(u64{keys.proto} << 16);
    hash.add(0);
    hash.add(0);
    hash.add(u64{raw.dport} << 48 | u64{raw.sport} << 32);
    hash.add(u64{raw.saddr} << 32);
    hash.add(raw.daddr);
    const auto result = static_cast<u32>(hash.finish(kBytes));
    return result != 0 ? result : 1;
}

u32 jhash_2words(u32 a, u32 b) {
    constexpr u32 kInitial = 0xDEADBEEF + (2 << 2);
    u32 c = kInitial;
    a += kInitial;
    b += kInitial;
    c = (c ^ b) - rotate_left(b, 14);
    a = (a ^ c) - rotate_left(c, 11);
    b = (b ^ a) - rotate_left(a, 25);
    c = (c ^ b) - rotate_left(b, 16);
    a = (a ^ c) - rotate_left(c, 4);
    b = (b ^ a) - rotate_left(a, 14);
    return (c ^ b) - rotate_left(b, 24);
}

}  // namespace fw
