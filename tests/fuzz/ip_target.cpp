// SPDX-License-Identifier: Apache-2.0
// Whole IP packets into ip_rcv and all that is behind it: raw, or with length and checksum put right.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take();
        fuzz::Bytes packet = feed.take(feed.take16() % fuzz::kMostPacket);
        if ((how & 1) && packet.size() >= 20) {
            packet[0] = static_cast<u8>(0x40 | std::clamp<std::size_t>(packet[0] & 15, 5, packet.size() / 4));
            fuzz::fix_ip(packet);
        }
        fuzz::receive(how >> 1, 0x0800, (how & 4) != 0, packet);
        fuzz::pass_time(how >> 6);
    });
}
