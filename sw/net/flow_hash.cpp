// SPDX-License-Identifier: Apache-2.0
#include "sw/net/flow_hash.h"

#include "sw/wire/bytes.h"

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

/// Ports as Linux has them in memory, the lesser one first: in network order, read as little-endian numbers
/// (__flow_hash_consistentify).
u64 ordered_ports(const flow_keys& keys) {
    const u64 source = __builtin_bswap16(keys.source_port()), destination = __builtin_bswap16(keys.destination_port());
    return destination < source ? source << 16 | destination : destination << 16 | source;
}

/// One of the four words of an IPv6 address as it lies in memory.
u64 word_of(const u8* address, unsigned number) { return address ? wire::load32(address + 4 * number) : 0; }

bool is_less(const u8* a, const u8* b) {
    for (unsigned n = 0; n < 16; ++n) {
        const u8 left = a ? a[n] : u8{0}, right = b ? b[n] : u8{0};
        if (left != right) return left < right;
    }
    return false;
}

/// The rest of struct flow_keys behind the ports: icmp 4, addrs.v4addrs 8 and 4 more. How many bytes there are in all.
u64 add_ipv4(SipHash* hash, const flow_keys& keys) {
    const u32 saddr = __builtin_bswap32(keys.saddr), daddr = __builtin_bswap32(keys.daddr);
    hash->add(u64{daddr < saddr ? daddr : saddr} << 32);
    hash->add(daddr < saddr ? saddr : daddr);
    return 48;
}

/// The same with addrs.v6addrs 32.
u64 add_ipv6(SipHash* hash, const flow_keys& keys) {
    const bool swapped = is_less(keys.daddr6, keys.saddr6);
    const u8* const first = swapped ? keys.daddr6 : keys.saddr6;
    const u8* const second = swapped ? keys.saddr6 : keys.daddr6;
    hash->add(word_of(first, 0) << 32);
    hash->add(word_of(first, 2) << 32 | word_of(first, 1));
    hash->add(word_of(second, 0) << 32 | word_of(first, 3));
    hash->add(word_of(second, 2) << 32 | word_of(second, 1));
    hash->add(word_of(second, 3));
    return 72;
}

}  // namespace

// The bytes of struct flow_keys from `basic`: basic 4, tags 4, vlan 8, cvlan 8, keyid 4, ports 4, …
u32 flow_hash_from_keys_seed(const flow_keys& keys, u32 seed) {
    const u64 key = u64{seed} << 32 | seed;  // fib_multipath_hash_construct_key
    SipHash hash(key, key);
    hash.add(u64{keys.flow_label} << 32 | u64{keys.proto} << 16);
    hash.add(0);
    hash.add(0);
    hash.add(ordered_ports(keys) << 32);
    const u64 bytes = keys.ipv6 ? add_ipv6(&hash, keys) : add_ipv4(&hash, keys);
    const auto result = static_cast<u32>(hash.finish(bytes));
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
