// SPDX-License-Identifier: Apache-2.0
// Whole IP packets into ip_rcv and all that is behind it: raw, or with length and checksums put right.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take();
        fuzz::Bytes packet = feed.take(feed.take16() % (fuzz::kMostPacket + 1));
        if (how & 0x20) fuzz::answer_tcp(packet);
        if (how & 0x40) fuzz::fix_ip(packet);
        if (how & 0x80) fuzz::fix_transport(packet);
        fuzz::receive(how & 3, 0x0800, static_cast<fuzz::To>(how >> 2 & 3), packet);
        fuzz::happen(feed.take());
    });
}
