// SPDX-License-Identifier: Apache-2.0
// The registers of the checksum accelerator under random accesses, while random sums come out.
#include <array>
#include <iterator>
#include <map>

#include "regs/checksum.h"
#include "tb/unit/checksum_bench.h"
#include "tb/unit/internet_sum.h"

namespace turnpike::tb {
namespace {

namespace csum = regs::checksum;

/// What the register list promises, written once more.
class Mirror {
  public:
    Mirror() {
        for (const regs::Register& reg : csum::kRegisters) values_[reg.offset] = reg.reset;
    }
    std::uint64_t read(std::uint64_t offset) const {
        const auto found = values_.find(offset);
        return found == values_.end() ? 0 : found->second;
    }
    void write(std::uint64_t offset, std::uint64_t value) {
        if (offset == csum::SEED) values_[offset] = value & 0x1FFFF;
        if (offset == csum::UPDATE_WORDS) values_[offset] = value & 0xFFFFFFFF;
        if (offset == csum::UPDATE_CHECK) values_[offset] = value & 0x1FFFF;
    }
    void sum(const Vchecksum_accelerator& ports) {
        values_[csum::RESULT] = csum::RESULT_SUM.of(ports.sum_o) | csum::RESULT_BUS_ERROR.of(ports.error_o);
        values_[csum::CHECK] = csum::CHECK_VALUE.of(ports.check_o) | csum::CHECK_GOOD.of(ports.good_o);
        ++values_[csum::PACKETS];
    }

  private:
    std::map<std::uint64_t, std::uint64_t> values_;
};

void offer_random_beat(ChecksumBench& bench, Random& random) {
    Beat beat = beats_of(random_packet(random, random.below(64)), 0, 0, random).front();
    beat.start = static_cast<std::uint16_t>(random.word());
    beat.seed = static_cast<std::uint16_t>(random.word());
    beat.udp = random.percent(50);
    beat.error = random.percent(20);
    bench.offer(beat);
}

/// UPDATED has tests of its own: its reference needs more than the two registers.
std::uint64_t random_offset(Random& random) {
    for (;;) {
        const std::uint64_t offset = random.percent(80)
                                         ? csum::kRegisters[random.below(std::size(csum::kRegisters))].offset
                                         : random.below(0x1000);
        if (offset != csum::UPDATED) return offset;
    }
}

TEST(ChecksumRegisters, HoldUnderRandomAccessesWhatTheListSays) {
    Random random(1624);
    ChecksumBench bench;
    auto& ports = bench.ports;
    Mirror mirror;
    for (unsigned n = 0; n < 70'000; ++n) {
        const bool write = random.percent(50);
        const std::uint64_t offset = random_offset(random);
        const std::uint64_t value = std::uint64_t{random.word()} << 32 | random.word();
        ports.req_i = random.percent(80);
        ports.we_i = write;
        ports.addr_i = static_cast<std::uint16_t>(offset);
        ports.wdata_i = value;
        if (!ports.valid_i && random.percent(50)) offer_random_beat(bench, random);
        ports.ready_i = random.percent(70);
        bench.settle();
        const std::uint64_t seed = mirror.read(csum::SEED);
        ASSERT_EQ(ports.rdata_o, ports.req_i && !write ? mirror.read(offset) : 0) << std::hex << offset;
        ASSERT_EQ(ports.command_valid_o, ports.req_i && write && offset == csum::COMMAND);
        if (ports.command_valid_o) {
            ASSERT_EQ(
                csum::COMMAND_ADDRESS.of(ports.command_address_o) | csum::COMMAND_LENGTH.of(ports.command_length_o),
                value);
            ASSERT_EQ(csum::SEED_SUM.of(ports.command_seed_o) | csum::SEED_UDP.of(ports.command_udp_o), seed);
        }
        if (ports.req_i && write) mirror.write(offset, value);
        if (ports.valid_o && ports.ready_i) mirror.sum(ports);
        const bool accepted = ports.valid_i && ports.ready_o;
        bench.clock();
        if (accepted) ports.valid_i = 0;
    }
}

/// The checksum made anew, as RFC 1071 and, for UDP, RFC 768 have it; words in memory order.
std::uint16_t checksum_of(std::uint16_t rest, std::uint16_t word, bool udp) {
    const std::array<std::uint8_t, 2> bytes = {static_cast<std::uint8_t>(word), static_cast<std::uint8_t>(word >> 8)};
    const auto check = static_cast<std::uint16_t>(~internet_sum(bytes, rest));
    return udp && check == 0 ? 0xFFFF : check;
}

TEST(ChecksumRegisters, UpdatedIsTheChecksumOfTheChangedPacketMadeAnew) {
    Random random(1141);
    ChecksumBench bench;
    for (unsigned n = 0; n < 5'000; ++n) {
        const auto from = static_cast<std::uint16_t>(random.word()), to = static_cast<std::uint16_t>(random.word());
        const bool udp = random.percent(50);
        // A tenth of the sums becomes all ones.
        const auto rest = static_cast<std::uint16_t>(random.percent(10) ? ~to : 1 + random.below(0xFFFF));
        if (rest == 0) continue;  // all that is covered may become 0 (RFC 1624, section 3)
        bench.write(csum::UPDATE_WORDS, csum::UPDATE_WORDS_FROM.of(from) | csum::UPDATE_WORDS_TO.of(to));
        bench.write(csum::UPDATE_CHECK,
                    csum::UPDATE_CHECK_VALUE.of(checksum_of(rest, from, udp)) | csum::UPDATE_CHECK_UDP.of(udp));
        ASSERT_EQ(bench.read(csum::UPDATED), checksum_of(rest, to, udp))
            << rest << " " << from << " " << to << " " << udp;
    }
    bench.write(csum::UPDATE_CHECK, csum::UPDATE_CHECK_UDP.mask());  // a datagram without a checksum
    EXPECT_EQ(bench.read(csum::UPDATED), 0u);
}

}  // namespace
}  // namespace turnpike::tb
