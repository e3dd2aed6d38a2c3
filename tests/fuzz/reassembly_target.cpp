// SPDX-License-Identifier: Apache-2.0
// Fragments of a few datagrams in any order, of any length, overlapping or not.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        constexpr u16 kMoreFragments = 0x2000, kOffset = 0x1FFF;
        const u8 how = feed.take();
        const u16 place = feed.take16();
        const fuzz::Bytes payload(feed.take() * std::size_t{(how & 8) ? 5U : 1U}, how);
        const u16 offset = (how & 16) ? place & kOffset : place & 63;
        const u16 frag_off = static_cast<u16>(offset | ((how & 1) ? kMoreFragments : 0));
        const u16 id = static_cast<u16>(1 + (how >> 1 & 3));
        fuzz::receive(0, 0x0800, false, fuzz::ip_packet((how & 32) ? 1 : 17, 0, frag_off, id, payload));
        fuzz::pass_time(how >> 6);
    });
}
