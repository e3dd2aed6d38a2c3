// SPDX-License-Identifier: Apache-2.0
// A twin that is wrong has to be found out.
#include "models/accel/lockstep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/accel/checksum_accelerator.h"
#include "models/accel/checksum_twin.h"
#include "models/accel/lpm_accelerator.h"
#include "models/accel/lpm_twin.h"
#include "models/accel/rtl/checksum_rtl.h"
#include "models/accel/rtl/lpm_rtl.h"
#include "tests/accel/initiator.h"

namespace turnpike {
namespace {

namespace lpm = regs::lpm;
using testing::HasSubstr;

/// A twin whose answers after the first `good` ones are changed.
class WrongTwin final : public LpmEngine {
  public:
    WrongTwin(unsigned good, std::function<void(LpmAnswer&)> mutation) : good_(good), mutation_(std::move(mutation)) {}
    void reset() override { twin_.reset(); }
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override { return twin_.read(offset, cycle); }
    std::optional<LpmCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override {
        return twin_.write(offset, value, cycle);
    }
    void update(const LpmUpdate& record, std::uint64_t cycle) override { twin_.update(record, cycle); }
    void moved(const LpmMoved& moved, std::uint64_t cycle) override { twin_.moved(moved, cycle); }
    bool ready(std::uint64_t cycle) override { return twin_.ready(cycle); }
    void hold(bool held, std::uint64_t cycle) override { twin_.hold(held, cycle); }
    Ticket issue(std::uint32_t address, std::uint64_t cycle) override { return twin_.issue(address, cycle); }
    std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) override {
        std::optional<LpmAnswer> answer = twin_.answer(ticket, cycle);
        if (answer && good_ == 0) mutation_(*answer);
        if (answer && good_ > 0) --good_;
        return answer;
    }

  private:
    LpmTwin twin_;
    unsigned good_;
    std::function<void(LpmAnswer&)> mutation_;
};

/// What comes out of sc_start when lookups 0, 1, 2, … are made until the twin is wrong.
std::string run_until_mismatch(unsigned good, std::function<void(LpmAnswer&)> mutation) {
    const regs::params::accel_lpm params{"lockstep", 250};
    LpmAccelerator accelerator(
        "lpm", params,
        std::make_unique<LockstepLpm>(std::make_unique<WrongTwin>(good, std::move(mutation)), make_lpm_rtl()));
    Initiator cpu("cpu");
    Initiator looker("looker");
    cpu.socket.bind(accelerator.registers);
    looker.socket.bind(accelerator.lookup);
    looker.thread([&] {
        cpu.write(lpm::CTRL, 1);
        for (unsigned n = 0; n < 100; ++n) looker.read(n * 4, 4);
    });
    try {
        sc_core::sc_start();
    } catch (const sc_core::sc_report& report) {
        try {
            rethrow_lockstep(report);
        } catch (const LockstepMismatch& mismatch) {
            return mismatch.what();
        }
        throw;
    }
    return "";
}

TEST(Lockstep, RightEnginesRunThrough) {
    EXPECT_EQ(run_until_mismatch(1000, [](LpmAnswer&) {}), "");
}

TEST(Lockstep, AWrongAnswerComesOutOfScStartWithBothHistories) {
    const std::string text = run_until_mismatch(20, [](LpmAnswer& answer) { answer.index ^= 0x40; });
    EXPECT_THAT(text, testing::StartsWith("lockstep mismatch: lpm"));
    EXPECT_THAT(text, HasSubstr("twin: lookup 0x14 at clock"));
    EXPECT_THAT(text, HasSubstr(": 0x40 at clock"));
    EXPECT_THAT(text, HasSubstr("last requests of the twin:"));
    EXPECT_THAT(text, HasSubstr("last requests of the RTL:"));
    // 16 requests: lookups 5 to 20 (0x14), in both histories.
    EXPECT_THAT(text, testing::Not(HasSubstr("lookup 0x4 ")));
    EXPECT_THAT(text, HasSubstr("lookup 0x5 "));
}

TEST(Lockstep, ARightAnswerAtAnotherClockIsAMismatch) {
    EXPECT_THAT(run_until_mismatch(3, [](LpmAnswer& answer) { --answer.cycle; }), HasSubstr("lookup 0x3 "));
}

TEST(Lockstep, ReportsOfOtherThingsAreLeftAlone) {
    Initiator cpu("cpu");
    LpmAccelerator accelerator("lpm", regs::params::accel_lpm{"tlm", 250});
    Initiator looker("looker");
    cpu.socket.bind(accelerator.registers);
    looker.socket.bind(accelerator.lookup);
    looker.thread([] { throw std::runtime_error("something else"); });
    try {
        sc_core::sc_start();
        FAIL() << "the exception got lost";
    } catch (const sc_core::sc_report& report) {
        EXPECT_NO_THROW(rethrow_lockstep(report));
        EXPECT_THAT(report.what(), HasSubstr("something else"));
    }
}

TEST(Lockstep, AMemoryThatDiffersIsFoundByTheFirstLookupThere) {
    auto twin = std::make_unique<LpmTwin>();
    twin->write(lpm::ENTRY_DATA, 1, 0);  // only the twin learns this
    twin->write(lpm::ENTRY_ADDR, 0, 1);
    LockstepLpm engine(std::move(twin), make_lpm_rtl());
    engine.write(lpm::CTRL, 1, 10);
    const LpmEngine::Ticket elsewhere = engine.issue(0x01000000, 11);
    EXPECT_NO_THROW(engine.answer(elsewhere, 30));
    const LpmEngine::Ticket there = engine.issue(0x00000000, 40);
    EXPECT_THROW(engine.answer(there, 59), LockstepMismatch);
}

TEST(Lockstep, AWrongSumIsAMismatch) {
    auto twin = std::make_unique<ChecksumTwin>();
    ChecksumBeat opened;
    opened.data[0] = 1;
    opened.keep = 1;
    twin->beat(opened, 0);  // only the twin has begun a sum
    LockstepChecksum engine(std::move(twin), make_checksum_rtl());
    ChecksumBeat beat;
    beat.last = true;
    engine.beat(beat, 10);
    EXPECT_THROW(engine.sum(14), LockstepMismatch);
}

}  // namespace
}  // namespace turnpike
