// SPDX-License-Identifier: Apache-2.0
// ICMP and IGMP messages to the router's own addresses, groups and through it; their checksum is right or as it comes.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take(), where = feed.take();
        const fuzz::Bytes message = feed.take(feed.take() * ((how & 0x40) ? 5U : 1U));
        fuzz::Bytes packet = fuzz::ip_packet((how & 0x20) ? 2 : 1, where, 0, 1, message);
        if (how & 0x10) fuzz::fix_transport(packet);
        fuzz::receive(how & 3, 0x0800, static_cast<fuzz::To>(how >> 2 & 3), packet);
        fuzz::happen(feed.take());
    });
}
