// SPDX-License-Identifier: Apache-2.0
// ARP packets: raw, or with the first eight bytes of one for Ethernet and IPv4 (RFC 826).
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take();
        fuzz::Bytes packet = feed.take(feed.take() % 64);
        if ((how & 1) && packet.size() >= 8) {
            const u8 head[] = {0, 1, 8, 0, 6, 4, 0, static_cast<u8>(1 + (packet[7] & 1))};
            std::copy(std::begin(head), std::end(head), packet.begin());
        }
        fuzz::receive(how >> 1, 0x0806, (how & 4) != 0, packet);
        if (how & 8) fuzz::receive(0, 0x0800, false, fuzz::ip_packet(17, 4, 0, 1, {0, 9, 0, 9, 0, 8, 0, 0}));
        fuzz::pass_time(how >> 6);
    });
}
