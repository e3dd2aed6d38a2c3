// SPDX-License-Identifier: Apache-2.0
#include "models/accel/checksum_twin.h"

namespace turnpike {

namespace csum = regs::checksum;

namespace {

/// Bit n of `keep` becomes byte n.
std::uint64_t byte_mask(unsigned keep) {
    if (keep == 0xFF) return ~0ULL;
    std::uint64_t mask = 0;
    for (unsigned byte = 0; byte < 8; ++byte) {
        if ((keep >> byte) & 1) mask |= std::uint64_t{0xFF} << (8 * byte);
    }
    return mask;
}

/// RFC 1071, section 2: the ones-complement sum of 16-bit words follows from wider words by folding.
std::uint16_t fold(std::uint64_t total) {
    total = (total & 0xFFFFFFFF) + (total >> 32);
    while (total >> 16) total = (total & 0xFFFF) + (total >> 16);
    return static_cast<std::uint16_t>(total);
}

std::uint16_t swap_bytes(std::uint16_t word) { return static_cast<std::uint16_t>((word << 8) | (word >> 8)); }

}  // namespace

ChecksumTwin::ChecksumTwin() : registers_("checksum", csum::kRegisterBytes, csum::kRegisters) {}

void ChecksumTwin::reset() {
    registers_.reset();
    open_ = false;
    registered_.clear();
    finished_.clear();
}

std::uint64_t ChecksumTwin::read(std::uint64_t offset, std::uint64_t cycle) {
    settle(cycle);
    return registers_.read(offset);
}

std::optional<ChecksumCommand> ChecksumTwin::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    settle(cycle);
    registers_.write(offset, value);
    if (offset == csum::UPDATE_WORDS || offset == csum::UPDATE_CHECK) update();
    if (offset != csum::COMMAND) return std::nullopt;
    return ChecksumCommand{csum::COMMAND_ADDRESS.get(value),
                           static_cast<std::uint32_t>(csum::COMMAND_LENGTH.get(value)),
                           static_cast<std::uint16_t>(csum::SEED_SUM.get(registers_.get(csum::SEED))),
                           csum::SEED_UDP.test(registers_.get(csum::SEED))};
}

void ChecksumTwin::update() {
    // RFC 1624, section 3, equation 3; for UDP 0 means that there is no checksum (RFC 768).
    const std::uint64_t words = registers_.get(csum::UPDATE_WORDS), given = registers_.get(csum::UPDATE_CHECK);
    const std::uint64_t check = csum::UPDATE_CHECK_VALUE.get(given);
    const bool udp = csum::UPDATE_CHECK_UDP.test(given);
    const std::uint16_t sum =
        fold((check ^ 0xFFFF) + (csum::UPDATE_WORDS_FROM.get(words) ^ 0xFFFF) + csum::UPDATE_WORDS_TO.get(words));
    auto updated = static_cast<std::uint16_t>(~sum);
    if (udp && check == 0) {
        updated = 0;
    } else if (udp && updated == 0) {
        updated = 0xFFFF;
    }
    registers_.set(csum::UPDATED, updated);
}

void ChecksumTwin::beat(const ChecksumBeat& beat, std::uint64_t cycle) {
    // RFC 1071, section 2(B): a sum over bytes that are one off is the same sum with its bytes swapped.
    const bool odd = beat.start % 2 != 0;
    if (!open_) {
        total_ = odd ? swap_bytes(beat.seed) : beat.seed;
        position_ = 0;
    }
    const std::uint64_t before = beat.start > position_ ? beat.start - position_ : 0;
    const std::uint64_t keep = before >= kChecksumBeatBytes ? 0 : beat.keep & (~0ULL << before);
    position_ += kChecksumBeatBytes;
    for (unsigned word = 0; word < beat.data.size(); ++word) {
        const std::uint64_t bytes = beat.data[word] & byte_mask((keep >> (8 * word)) & 0xFF);
        total_ += (bytes & 0xFFFFFFFF) + (bytes >> 32);
    }
    open_ = !beat.last;
    if (!beat.last) return;
    const std::uint16_t folded = fold(total_);
    const std::uint16_t sum = odd ? swap_bytes(folded) : folded;
    const auto check = static_cast<std::uint16_t>(beat.udp && sum == 0xFFFF ? 0xFFFF : ~sum);
    const ChecksumSum done{sum, check, beat.error, cycle + kChecksumLatency};
    registered_.push_back(done);
    finished_.push_back(done);
}

std::optional<ChecksumSum> ChecksumTwin::sum(std::uint64_t cycle) {
    if (finished_.empty() || finished_.front().cycle > cycle) return std::nullopt;
    const ChecksumSum sum = finished_.front();
    finished_.pop_front();
    return sum;
}

void ChecksumTwin::settle(std::uint64_t cycle) {
    while (!registered_.empty() && registered_.front().cycle < cycle) {
        const ChecksumSum& sum = registered_.front();
        registers_.set(csum::RESULT, csum::RESULT_SUM.of(sum.sum) | csum::RESULT_BUS_ERROR.of(sum.error ? 1 : 0));
        registers_.set(csum::CHECK, csum::CHECK_VALUE.of(sum.check) | csum::CHECK_GOOD.of(sum.good() ? 1 : 0));
        registers_.add(csum::PACKETS, 1);
        registered_.pop_front();
    }
}

}  // namespace turnpike
