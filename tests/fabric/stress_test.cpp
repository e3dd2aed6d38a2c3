// SPDX-License-Identifier: Apache-2.0
// Many initiators at once: data stays right, and times depend on nothing but the accesses themselves.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <random>

#include "tests/fabric/fabric_bench.h"

namespace turnpike::test {
namespace {

constexpr unsigned kInitiators = 4;
constexpr unsigned kAccesses = 400;
constexpr std::uint64_t kRegion = 0x1000;

/// Random reads and writes in a region of its own, held against a copy; answers a digest of all return times.
class Traffic {
  public:
    Traffic(TestInitiator& initiator, unsigned number)
        : initiator_(initiator), base_(Bench::kBase + kRegion * number), random_(number + 1), copy_(kRegion) {}

    void run() {
        for (unsigned n = 0; n < kAccesses; ++n) {
            const std::uint64_t length = 1 + random_() % 256;
            const std::uint64_t at = random_() % (kRegion - length);
            initiator_.delay = sc_core::SC_ZERO_TIME;
            if (random_() % 2 == 0)
                write(at, length);
            else
                read(at, length);
            digest = (digest ^ now_ps() ^ to_ps(initiator_.delay)) * 0x100000001B3ULL;
            // Often at a whole microsecond, so that many call at once.
            if (random_() % 2 == 0) sc_core::wait(from_ps(1'000'000 - now_ps() % 1'000'000));
        }
    }
    std::uint64_t digest = 0xCBF29CE484222325ULL;
    unsigned wrong = 0;

  private:
    void write(std::uint64_t at, std::uint64_t length) {
        std::vector<std::uint8_t> data(length);
        for (auto& byte : data) byte = static_cast<std::uint8_t>(random_());
        std::copy(data.begin(), data.end(), copy_.begin() + static_cast<std::ptrdiff_t>(at));
        if (initiator_.write_bytes(base_ + at, data) != tlm::TLM_OK_RESPONSE) ++wrong;
    }
    void read(std::uint64_t at, std::uint64_t length) {
        std::vector<std::uint8_t> data(length);
        if (initiator_.read_bytes(base_ + at, data) != tlm::TLM_OK_RESPONSE) ++wrong;
        if (!std::equal(data.begin(), data.end(), copy_.begin() + static_cast<std::ptrdiff_t>(at))) ++wrong;
    }

    TestInitiator& initiator_;
    std::uint64_t base_;
    std::mt19937 random_;
    std::vector<std::uint8_t> copy_;
};

/// One simulation. A bystander that wakes up every `bystander_ps` touches nothing.
std::uint64_t simulate(std::uint64_t bystander_ps) {
    Bench bench(1024);
    std::vector<std::unique_ptr<Traffic>> all;
    static const char* const kNames[kInitiators] = {"i0", "i1", "i2", "i3"};
    for (unsigned n = 0; n < kInitiators; ++n) all.push_back(std::make_unique<Traffic>(bench.initiator(kNames[n]), n));
    for (auto& traffic : all) bench.program([&traffic] { traffic->run(); });
    if (bystander_ps != 0) {
        bench.program([=] {
            for (std::uint64_t n = 0; n < 100'000; ++n) sc_core::wait(from_ps(bystander_ps));
        });
    }
    if (!bench.run()) return 0;
    std::uint64_t digest = 0;
    for (const auto& traffic : all) {
        if (traffic->wrong != 0) return 0;
        digest = digest * 31 + traffic->digest;
    }
    return digest;
}

/// A process can elaborate once: each simulation gets one of its own. 0: it failed.
std::uint64_t simulate_apart(std::uint64_t bystander_ps) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) return 0;
    const pid_t child = fork();
    if (child == 0) {
        const std::uint64_t digest = simulate(bystander_ps);
        _exit(write(ends[1], &digest, sizeof digest) == sizeof digest ? 0 : 1);
    }
    close(ends[1]);
    std::uint64_t digest = 0;
    const bool complete = child > 0 && read(ends[0], &digest, sizeof digest) == sizeof digest;
    close(ends[0]);
    int status = 0;
    return complete && waitpid(child, &status, 0) == child && status == 0 ? digest : 0;
}

TEST(FabricStress, DataAndTimesDoNotDependOnWhoElseWakesUp) {
    const std::uint64_t alone = simulate_apart(0);
    ASSERT_NE(alone, 0u);
    EXPECT_EQ(simulate_apart(0), alone);
    EXPECT_EQ(simulate_apart(1'000), alone);
    EXPECT_EQ(simulate_apart(777), alone);
}

}  // namespace
}  // namespace turnpike::test
