// SPDX-License-Identifier: Apache-2.0
// IP options of up to 40 bytes in packets to the router, through it and longer than what is behind it takes.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take(), where = feed.take();
        fuzz::Bytes options = feed.take(feed.take() % 41);
        options.resize((options.size() + 3) / 4 * 4);
        fuzz::Bytes payload((how & 0x10) ? 1400 : 16);
        if (how & 0x20) payload[0] = 8;  // an echo request
        payload[3] = 7;                  // or a datagram to the echo service …
        payload[5] = static_cast<u8>(payload.size());
        payload[4] = static_cast<u8>(payload.size() >> 8);
        fuzz::Bytes packet = fuzz::ip_packet((how & 0x20) ? 1 : 17, where, (how & 0x40) ? 0x2000 : 0, 1, payload);
        packet.insert(packet.begin() + 20, options.begin(), options.end());
        packet.resize(std::min<std::size_t>(packet.size(), fuzz::kMostPacket));
        packet[0] = static_cast<u8>(0x45 + options.size() / 4);
        fuzz::fix_ip(packet);
        fuzz::fix_transport(packet);
        fuzz::receive(how & 3, 0x0800, static_cast<fuzz::To>(how >> 2 & 3), packet);
        fuzz::happen(feed.take());
    });
}
