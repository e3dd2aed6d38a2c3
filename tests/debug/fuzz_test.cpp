// SPDX-License-Identifier: Apache-2.0
// Whatever comes over the wire, the session answers and the machine lives on.
#include <gtest/gtest.h>

#include <random>

#include "models/debug/packet.h"
#include "models/debug/session.h"
#include "tests/debug/guest_target.h"

namespace turnpike::gdb {
namespace {

class Fuzz : public testing::Test {
  protected:
    std::string pick() {
        static const std::vector<std::string> kSeeds = {"?",
                                                        "g",
                                                        "G00",
                                                        "p10",
                                                        "P7=0011223344556677",
                                                        "m1000,10",
                                                        "M40000,2:0102",
                                                        "X40000,3:abc",
                                                        "c",
                                                        "s",
                                                        "vCont;s:1;c",
                                                        "vCont?",
                                                        "vCont;C05:-1",
                                                        "Z0,1000,1",
                                                        "z0,1000,1",
                                                        "Z2,40000,8",
                                                        "Z3,0,ffffffffffffffff",
                                                        "Z4,40000,4",
                                                        "Hg0",
                                                        "Hc-1",
                                                        "T1",
                                                        "qSupported:swbreak+;xmlRegisters=i386",
                                                        "qfThreadInfo",
                                                        "qC",
                                                        "qXfer:features:read:target.xml:0,fff",
                                                        "qRcmd,74696d65",
                                                        "qThreadExtraInfo,1",
                                                        "qAttached",
                                                        "D",
                                                        "k",
                                                        "QStartNoAckMode",
                                                        "C05;1000",
                                                        "qSymbol::",
                                                        "m7fffffffffff,4",
                                                        "mffffffffffffffff,4"};
        return kSeeds[random() % kSeeds.size()];
    }
    std::string mutated() {
        std::string text = pick();
        for (unsigned n = random() % 6; n-- > 0;) {
            const std::size_t at = random() % (text.size() + 1);
            switch (random() % 5) {
                case 0:
                    text.insert(at, 1, static_cast<char>(random()));
                    break;
                case 1:
                    if (at < text.size()) text[at] = static_cast<char>(random());
                    break;
                case 2:
                    text.erase(at, random() % 4);
                    break;
                case 3:
                    text.insert(at, pick());
                    break;
                default:
                    text.insert(at, std::string(random() % 20, "0123456789abcdef,;:-"[random() % 20]));
            }
        }
        return text;
    }
    std::mt19937 random{20};
};

TEST_F(Fuzz, MutatedPacketsAreAllAnswered) {
    GuestTarget target;
    target.guest.core.start(cpu::Guest::kCode, cpu::Guest::kStack);
    Points points;
    Session session(target, points);
    unsigned errors = 0;
    for (unsigned n = 0; n < 300'000; ++n) {
        const Answer answer = session.handle(mutated());
        EXPECT_TRUE(answer.then != Then::stay || !answer.packets.empty());
        for (const std::string& body : answer.packets) {
            EXPECT_LE(body.size(), kMaxPacket);
            errors += body.starts_with("E") ? 1 : 0;
        }
        if (n % 1000 == 0) points.clear();
    }
    EXPECT_GT(errors, 10'000u);
}

TEST_F(Fuzz, AStreamOfNoiseAndPacketsNeverStallsTheReader) {
    PacketReader reader;
    std::string body;
    unsigned packets = 0;
    unsigned sent = 0;
    for (unsigned n = 0; n < 20'000; ++n) {
        std::string noise(random() % 8, '\0');
        for (char& c : noise) c = static_cast<char>(random());
        // A '$' opens a packet that only ends at the next '#': noise with one spoils the packet behind it.
        const bool clean = noise.find('$') == std::string::npos;
        sent += clean ? 1 : 0;
        reader.feed(noise + framed("m1000,10"));
        for (auto kind = reader.next(body); kind != PacketReader::Kind::none; kind = reader.next(body))
            packets += kind == PacketReader::Kind::packet && body == "m1000,10" ? 1 : 0;
    }
    EXPECT_GE(packets, sent * 99 / 100);
}

}  // namespace
}  // namespace turnpike::gdb
