// SPDX-License-Identifier: Apache-2.0
// ICMP messages to the router's own addresses, groups and through it; their checksum is right or as it comes.
#include "tests/fuzz/router.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fw;
    return fuzz::run(data, size, [](fuzz::Feed& feed) {
        const u8 how = feed.take(), where = feed.take();
        fuzz::Bytes message = feed.take(feed.take());
        if ((how & 1) && message.size() >= 8) {
            message[2] = message[3] = 0;
            const u16 sum = static_cast<u16>(
                ~wire::csum_fold(wire::csum_partial(message.data(), static_cast<u32>(message.size()))));
            std::memcpy(&message[2], &sum, sizeof sum);
        }
        fuzz::receive(how >> 1, 0x0800, (how & 4) != 0, fuzz::ip_packet(1, where, 0, 1, message));
        fuzz::pass_time(how >> 6);
    });
}
