// SPDX-License-Identifier: Apache-2.0
// The pool runs dry at every place that takes a buffer: nothing leaks, nothing breaks. The linker puts the test between
// the stack and alloc_skb (--wrap).
#include "tests/sw/net_arp.h"

extern "C" fw::sk_buff* __real__ZN2fw9alloc_skbEv();

namespace {
bool counting = false;
unsigned allocations = 0;
unsigned failing = 0;   // the first of those that fail
unsigned failures = 0;  // how many, from there on
}  // namespace

extern "C" fw::sk_buff* __wrap__ZN2fw9alloc_skbEv() {
    if (counting) {
        const unsigned n = allocations++;
        if (n >= failing && n - failing < failures) return nullptr;
    }
    return __real__ZN2fw9alloc_skbEv();
}

namespace fw::test {
namespace {

class Exhaustion : public ArpRouter {
  protected:
    static void frame(u32 ifindex, const Bytes& bytes) {
        counting = false;
        sk_buff* skb = alloc_skb();
        counting = true;
        std::memcpy(skb_put(skb, static_cast<u32>(bytes.size())), bytes.data(), bytes.size());
        eth_type_trans(skb, port(ifindex));
        netif_receive_skb(skb);
    }
    static void ip(const Header& header, size_t payload, u32 ifindex = kEth0) {
        frame(ifindex, frame_for(ifindex, ip_packet(header, Bytes(payload, 8))));
    }

    /// One of each kind that takes buffers somewhere: forwarded, fragmented, put together, answered, resolved, tapped.
    static void all_kinds() {
        ip({}, 100);
        ip({.ttl = 1}, 100);
        ip({.destination = ip4(99, 0, 0, 1)}, 10);
        port(kEth1)->mtu = 576;
        ip({}, 1400);
        ip({.frag_off = 0x4000}, 1400);
        port(kEth1)->mtu = 1500;
        ip({.options = {7, 7, 4, 0, 0, 0, 0, 0}}, 20);
        ip({.destination = ip4(10, 0, 0, 1), .protocol = 1}, 64);
        ip({.destination = ip4(10, 0, 0, 1), .protocol = 17}, 64);
        for (u16 offset = 0; offset < 4; ++offset) {
            const u16 more = offset < 3 ? 0x2000 : 0;
            ip({.destination = ip4(10, 0, 0, 1), .protocol = 17, .frag_off = static_cast<u16>(more | offset * 50)},
               400);
        }
        ip({.destination = ip4(10, 0, 0, 1), .protocol = 17, .id = 77, .frag_off = 0x2000}, 400);  // never whole
        ip({.destination = kHost}, 30);
        ip({.destination = kHost}, 30);
        frame(kEth1, arp_frame(reply_message()));
        ip({.destination = kHost + 1}, 30);  // never answers
        frame(kEth1, arp_frame({}));
        native::advance(40 * kSecond);
    }
    static void run(unsigned first, unsigned how_many) {
        allocations = 0;
        failing = first;
        failures = how_many;
        all_kinds();
        counting = false;
        inet_neigh_flush(0);
        native::advance(kSecond);
    }
};

TEST_F(Exhaustion, AtEachAllocationAloneAndFromEachOnNothingIsLost) {
    packet_type tap = {};
    tap.func = [](sk_buff* skb, net_device*, packet_type*) { consume_skb(skb); };
    dev_add_pack(&tap);
    const u32 free_before = skb_free_slots();
    run(0, 0);
    const unsigned places = allocations;
    EXPECT_GT(places, 30U);
    for (unsigned n = 0; n < places; ++n) {
        for (const unsigned how_many : {1U, 1000U}) {
            run(n, how_many);
            ASSERT_EQ(skb_free_slots(), free_before) << "allocation " << n << ", " << how_many;
        }
    }
    dev_remove_pack(&tap);
}

}  // namespace
}  // namespace fw::test
