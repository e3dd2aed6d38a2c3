// SPDX-License-Identifier: Apache-2.0
#include "tests/nic_sim/echo.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <random>

#include "tests/nic_sim/covering_array.h"

namespace turnpike::test {
namespace {

constexpr unsigned kFlows = 64;
constexpr std::size_t kNumberAt = 42;
/// Bytes that are on their way at once: less than the packet buffer, so that nothing may be dropped.
constexpr std::size_t kUnderWay = 256 * 1024;
constexpr std::uint64_t kRoundPs = 2'000'000;
/// Rounds in which nothing comes back, after which it is given up.
constexpr unsigned kPatience = 1000;

/// UDP over IPv4, so that RSS has something to choose by; the number and a pattern from it fill the rest.
std::vector<std::uint8_t> frame_of(std::uint32_t number, std::size_t bytes) {
    static constexpr std::uint8_t kHeader[kNumberAt] = {2, 0, 0, 0,  0,  1, 2, 0,  0, 0, 0, 9,  8, 0, 0x45, 0, 0, 0, 0,
                                                        0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,    0, 7, 0, 9};
    std::vector<std::uint8_t> frame(bytes);
    std::copy(std::begin(kHeader), std::end(kHeader), frame.begin());
    frame[16] = static_cast<std::uint8_t>((bytes - 14) >> 8);
    frame[17] = static_cast<std::uint8_t>(bytes - 14);
    frame[34] = static_cast<std::uint8_t>(number % kFlows);
    std::memcpy(&frame[kNumberAt], &number, sizeof number);
    for (std::size_t i = kNumberAt + sizeof number; i < bytes; ++i)
        frame[i] = static_cast<std::uint8_t>(number * 31 + i * 7);
    return frame;
}

std::uint32_t number_of(std::span<const std::uint8_t> frame) {
    std::uint32_t number = ~0U;
    if (frame.size() >= kNumberAt + sizeof number) std::memcpy(&number, &frame[kNumberAt], sizeof number);
    return number;
}

class Echo {
  public:
    Echo(NicSim& sim, Memory& memory, const Combination& what, unsigned count, std::uint64_t seed)
        : sim_(sim),
          what_(what),
          count_(count),
          driver_(sim, memory, setup(what)),
          waiting_(what.queues),
          last_(what.queues, -1),
          back_(count),
          sizes_(count) {
        std::mt19937_64 random(seed);
        for (std::size_t& size : sizes_) size = what.least + random() % (what.most - what.least + 1);
        sim.on_wire_tx([this](std::span<const std::uint8_t> frame, std::uint64_t) { take_back(frame); });
    }

    std::string run() {
        driver_.bring_up();
        for (unsigned idle = 0; sent_ < count_ && problem_.empty(); ++idle) {
            if (idle == kPatience) return fmt::format("{} of {} frames have come back, and no more", sent_, count_);
            const unsigned before = sent_;
            give();
            sim_.run_for(kRoundPs);
            serve();
            if (sent_ != before) idle = 0;
        }
        sim_.run_for(kRoundPs);
        if (problem_.empty() && received_ != count_) return fmt::format("{} of {} frames received", received_, count_);
        return problem_;
    }

  private:
    static DriverSetup setup(const Combination& what) {
        DriverSetup setup;
        setup.interrupt = what.interrupt;
        setup.queues = what.queues;
        setup.entries = what.entries;
        setup.skew = what.skew;
        setup.longest = what.most;
        return setup;
    }
    void give() {
        while (given_ < count_ && under_way_ + sizes_[given_] <= kUnderWay) {
            if (given_ < what_.offset && given_ != sent_) return;
            sim_.wire_rx(frame_of(given_, sizes_[given_]), sim_.now_ps());
            under_way_ += sizes_[given_++];
        }
    }
    void serve() {
        for (unsigned q = 0; q < what_.queues; ++q) {
            if (!driver_.due(q)) continue;
            received_ += driver_.poll(q, [&](std::span<const std::uint8_t> frame) {
                check_order(q, number_of(frame));
                waiting_[q].emplace_back(frame.begin(), frame.end());
            });
            while (!waiting_[q].empty() && driver_.send(q, waiting_[q].front())) waiting_[q].pop_front();
            driver_.flush(q);
        }
        driver_.rearm();
    }
    void check_order(unsigned queue, std::int64_t number) {
        if (number <= last_[queue])
            problem_ = fmt::format("frame {} after {} in queue {}", number, last_[queue], queue);
        last_[queue] = number;
    }
    void take_back(std::span<const std::uint8_t> frame) {
        const std::uint32_t number = number_of(frame);
        if (number >= count_ || !std::ranges::equal(frame, frame_of(number, sizes_[number]))) {
            problem_ = fmt::format("a frame of {} bytes with number {} is corrupted", frame.size(), number);
            return;
        }
        if (back_[number]) problem_ = fmt::format("frame {} came back twice", number);
        back_[number] = true;
        under_way_ -= sizes_[number];
        ++sent_;
    }

    NicSim& sim_;
    Combination what_;
    unsigned count_;
    LittleDriver driver_;
    std::vector<std::deque<std::vector<std::uint8_t>>> waiting_;
    std::vector<std::int64_t> last_;
    std::vector<bool> back_;
    std::vector<std::size_t> sizes_;
    unsigned given_ = 0, received_ = 0, sent_ = 0;
    std::size_t under_way_ = 0;
    std::string problem_;
};

}  // namespace

std::string text(const Combination& c) {
    constexpr const char* kInterrupts[] = {"polling", "INTx", "MSI", "MSI-X"};
    return fmt::format("{}, queues {}, ring {}, frames {} to {}, skew {}, offset {}",
                       kInterrupts[static_cast<unsigned>(c.interrupt)], c.queues, c.entries, c.least, c.most, c.skew,
                       c.offset);
}

std::vector<Combination> combinations(std::uint64_t seed) {
    constexpr Interrupt kInterrupts[] = {Interrupt::polling, Interrupt::intx, Interrupt::msi, Interrupt::msix};
    constexpr unsigned kQueues[] = {1, 4, 16};
    constexpr unsigned kEntries[] = {8, 16, 64, 520, 4096};
    constexpr std::pair<std::size_t, std::size_t> kSizes[] = {{60, 60},     {60, 128},  {61, 1514},
                                                              {2000, 2100}, {60, 9728}, {9728, 9728}};
    constexpr std::size_t kSkews[] = {0, 1, 3, 33, 63};
    constexpr unsigned kOffsets[] = {0, 1, 5, 7};
    std::vector<Combination> all;
    for (const auto& row : covering_array({4, 3, 5, 6, 5, 4}, seed))
        all.push_back({kInterrupts[row[0]], kQueues[row[1]], kEntries[row[2]], kSizes[row[3]].first,
                       kSizes[row[3]].second, kSkews[row[4]], kOffsets[row[5]]});
    return all;
}

std::string echo(NicSim& sim, Memory& memory, const Combination& combination, unsigned count, std::uint64_t seed) {
    memory.clear();
    Echo run(sim, memory, combination, count, seed);
    std::string problem = run.run();
    sim.on_wire_tx({});
    const NicSimCounters counters = sim.counters();
    if (problem.empty() && counters.dma_errors != 0) problem = fmt::format("{} bus errors", counters.dma_errors);
    for (const auto& [fate, frames] : counters.drops)
        if (problem.empty()) problem = fmt::format("{} frames: {}", frames, fate);
    return problem;
}

}  // namespace turnpike::test
