// SPDX-License-Identifier: Apache-2.0
// ARP packets: raw, or with the first eight bytes of one for Ethernet and IPv4 (RFC 826), and packets that need their
// answers.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take();
        fuzz::Bytes packet = feed.take(feed.take() % 64);
        if ((how & 0x10) && packet.size() >= 8) {
            const u8 head[] = {0, 1, 8, 0, 6, 4, 0, static_cast<u8>(1 + (packet[7] & 1))};
            std::copy(std::begin(head), std::end(head), packet.begin());
        }
        fuzz::receive(how & 3, 0x0806, static_cast<fuzz::To>(how >> 2 & 3), packet);
        if (how & 0x20) {
            const fuzz::Bytes datagram((how & 0x80) ? 1400 : 8);
            fuzz::receive(0, 0x0800, fuzz::To::port, fuzz::ip_packet(17, (how & 0x40) ? 13 : 4, 0, 1, datagram));
        }
        fuzz::happen(feed.take());
    });
}
