// SPDX-License-Identifier: Apache-2.0
// Reassembly (RFC 791 3.2) by several cores: the fragments of one datagram come in at different ports, each with a core
// of its own.
#include "tests/run/many_cores.h"

namespace turnpike::test {
namespace {

constexpr unsigned kPieces = 4, kPieceBytes = 64;
constexpr unsigned kMoreFragments = 0x2000;  // RFC 791 3.1
constexpr unsigned kEtherBytes = 14, kIpBytes = 20, kHeaders = kEtherBytes + kIpBytes;

/// Echo requests (RFC 792) from 10.0.0.2 to 10.0.0.1, of four pieces.
class Fragments : public ManyCores {
  protected:
    static Bytes piece(unsigned port, unsigned id, unsigned number) {
        Bytes message(kPieces * kPieceBytes);
        message[0] = 8;
        put16(message, 6, id);
        for (std::size_t at = 8; at < message.size(); ++at) message[at] = static_cast<std::uint8_t>(at * 3 + id);
        put16(message, 2, internet_checksum(message, 0, message.size()));
        UdpFrame header;
        header.destination_mac = {2, 0, 0, 0, static_cast<std::uint8_t>(port), 1};
        header.destination = 0x0A000001;
        header.id = static_cast<std::uint16_t>(id);
        header.total = kHeaders + kPieceBytes;
        Bytes frame = header.bytes();
        frame[23] = 1;
        put16(frame, 20, number * kPieceBytes / 8 | (number + 1 < kPieces ? kMoreFragments : 0));
        put16(frame, 24, 0);
        put16(frame, 24, internet_checksum(frame, kEtherBytes, kHeaders));
        std::copy_n(message.begin() + number * kPieceBytes, kPieceBytes, frame.begin() + kHeaders);
        return frame;
    }
    /// Each piece at another port, all within so little time that the cores meet.
    void add_piece(unsigned datagram, unsigned number, unsigned late_ns = 0) {
        const unsigned port = (datagram + number) % kPorts;
        add(port, 50'000 + datagram * 3'000 + number * 40 + late_ns, piece(port, datagram, number));
    }
    /// The replies' messages; identifications are given in the order in which datagrams become whole.
    static std::vector<Bytes> replies(const CoresRun& run) {
        std::vector<Bytes> messages;
        for (const Bytes& frame : run.sent(0))
            if (frame[23] == 1 && frame[kHeaders] == 0) messages.emplace_back(frame.begin() + kHeaders, frame.end());
        std::sort(messages.begin(), messages.end());
        return messages;
    }
};

TEST_F(Fragments, ThatCoresTakeInAtTheSameTimeMakeEachDatagramOnce) {
    constexpr unsigned kDatagrams = 300;
    for (unsigned n = 0; n < kDatagrams; ++n)
        for (unsigned number = 0; number < kPieces; ++number) add_piece(n, n % 2 == 0 ? number : kPieces - 1 - number);
    std::vector<Bytes> on_one;
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores, a_core_for_each_port(cores));
        EXPECT_EQ(run.busy_cores(), cores);
        EXPECT_EQ(run.fate("delivered"), kDatagrams * kPieces);
        EXPECT_EQ(run.counter("IpReasmReqds"), kDatagrams * kPieces);
        EXPECT_EQ(run.counter("IpReasmOKs"), kDatagrams);
        EXPECT_EQ(run.counter("IpReasmFails"), 0U);
        EXPECT_EQ(run.counter("IcmpOutEchoReps"), kDatagrams);
        const std::vector<Bytes> messages = replies(run);
        EXPECT_EQ(messages.size(), kDatagrams);
        if (cores == 1) on_one = messages;
        EXPECT_TRUE(messages == on_one);
        const auto& lock = run.stats["firmware"]["lock_stat"]["ipfrag"];
        EXPECT_TRUE(cores < 4 || lock["contended"] > 0) << "they never met: this run shows nothing";
    }
}

TEST_F(Fragments, ThatNeverMakeADatagramEndByTheTimerOfWhicheverCoreBeganIt) {
    constexpr unsigned kDatagrams = 240;
    for (unsigned n = 0; n < kDatagrams; ++n)
        for (unsigned number = 0; number < kPieces; ++number)
            if (number != n % (kPieces + 1)) add_piece(n, number);  // one in five is whole
    scenario.router += "sysctl -w net.ipv4.ipfrag_time=1\n";
    scenario.toml = "[run]\ndrain_s = 2\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores, a_core_for_each_port(cores));
        EXPECT_EQ(run.counter("IpReasmOKs"), kDatagrams / 5);
        EXPECT_EQ(run.counter("IpReasmTimeout"), kDatagrams * 4 / 5);
        EXPECT_EQ(run.fate("reasm_timeout"), kDatagrams * 4 / 5 * (kPieces - 1));
        EXPECT_EQ(run.fate("delivered"), kDatagrams / 5 * kPieces);
        // RFC 792: nobody is told where the first fragment is missing.
        EXPECT_EQ(run.counter("IcmpOutTimeExcds"), kDatagrams * 3 / 5);
    }
}

TEST_F(Fragments, BeyondTheMemoryLimitAreRefusedAndTheMemoryComesBack) {
    constexpr unsigned kDatagrams = 400;
    for (unsigned n = 0; n < kDatagrams; ++n)
        for (unsigned number = 0; number < kPieces; ++number) {
            if (number == 1 && n % 3 == 0) continue;
            add_piece(n, number);
            if (number == 2) add_piece(n, number, 900);  // once more: a duplicate, or of a datagram that begins anew
        }
    scenario.router +=
        "sysctl -w net.ipv4.ipfrag_time=1\nsysctl -w net.ipv4.ipfrag_low_thresh=1\n"
        "sysctl -w net.ipv4.ipfrag_high_thresh=60000\nsysctl -w net.ipv4.ipfrag_max_dist=0\n";
    // When all has ended: as many as ever fit.
    constexpr unsigned kLater = 20;
    for (unsigned n = 0; n < kLater; ++n)
        for (unsigned number = 0; number < kPieces; ++number)
            add(number, 3'000'000'000 + n * 20'000 + number * 40, piece(number, 5'000 + n, number));
    scenario.toml = "[run]\ndrain_s = 2\n";
    for (const unsigned cores : kCores) {
        const CoresRun run = run_twice(cores, a_core_for_each_port(cores));
        EXPECT_GT(run.fate("reasm_memory"), 0U);
        EXPECT_GT(run.fate("reasm_timeout"), 0U);
        std::set<unsigned> whole;
        for (const Bytes& message : replies(run)) whole.insert(get16(message, 6));
        for (unsigned n = 0; n < kLater; ++n) EXPECT_EQ(whole.count(5'000 + n), 1U) << n;
        EXPECT_EQ(run.counter("IpReasmOKs"), whole.size());
        EXPECT_EQ(run.counter("IpReasmReqds"), run.fate("delivered") + run.fate("reasm_memory") +
                                                   run.fate("reasm_timeout") + run.fate("reasm_duplicate"));
    }
}

}  // namespace
}  // namespace turnpike::test
