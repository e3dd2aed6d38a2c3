// SPDX-License-Identifier: Apache-2.0
// IP options of up to 40 bytes in packets to the router, through it and longer than what is behind it takes.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take(), where = feed.take();
        fuzz::Bytes options = feed.take(feed.take() % 41);
        options.resize((options.size() + 3) / 4 * 4);
        fuzz::Bytes packet = fuzz::ip_packet((how & 8) ? 1 : 17, where, 0, 1, fuzz::Bytes((how & 16) ? 1400 : 16));
        packet.insert(packet.begin() + 20, options.begin(), options.end());
        packet.resize(std::min<std::size_t>(packet.size(), fuzz::kMostPacket));
        packet[0] = static_cast<u8>(0x45 + options.size() / 4);
        fuzz::fix_ip(packet);
        fuzz::receive(how >> 1, 0x0800, (how & 4) != 0, packet);
        fuzz::pass_time(how >> 6);
    });
}
