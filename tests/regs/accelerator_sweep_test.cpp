// SPDX-License-Identifier: Apache-2.0
// The accelerators' registers, in the model and in the RTL, against regs/lpm.def and regs/checksum.def.
#include <gtest/gtest.h>

#include "models/accel/checksum_engine.h"
#include "models/accel/lpm_engine.h"
#include "tests/core/register_sweep.h"

namespace turnpike {
namespace {

namespace lpm = regs::lpm;
namespace csum = regs::checksum;

const std::vector<test::Skip> kLpmSkipped = {{"UPDATE_PENDING", "the sweep rings the doorbell before"}};

/// The engine's register bus, one access a clock.
template <typename Engine>
struct Bus {
    Engine& engine;
    std::uint64_t cycle = 0;
    std::uint64_t read(std::uint64_t offset) { return engine.read(offset, cycle++); }
    void write(std::uint64_t offset, std::uint64_t value) { engine.write(offset, value, cycle++); }
};

class EachForm : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Forms, EachForm, testing::Values("tlm", "rtl"));

TEST_P(EachForm, LpmRegistersAreThoseOfTheList) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    test::sweep_registers(Bus<LpmEngine>{*engine}, lpm::kRegisterBytes, lpm::kRegisters, kLpmSkipped);
}

TEST_P(EachForm, ChecksumRegistersAreThoseOfTheList) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    test::sweep_registers(Bus<ChecksumEngine>{*engine}, csum::kRegisterBytes, csum::kRegisters);
}

TEST_P(EachForm, LpmResetBringsTheListsValuesBack) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    std::uint64_t cycle = 0;
    for (const regs::Register& reg : lpm::kRegisters) engine->write(reg.offset, ~0ULL, cycle++);
    engine->reset();
    test::sweep_registers(Bus<LpmEngine>{*engine}, lpm::kRegisterBytes, lpm::kRegisters, kLpmSkipped);
}

TEST_P(EachForm, ChecksumResetBringsTheListsValuesBack) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    std::uint64_t cycle = 0;
    for (const regs::Register& reg : csum::kRegisters) engine->write(reg.offset, ~0ULL, cycle++);
    engine->reset();
    test::sweep_registers(Bus<ChecksumEngine>{*engine}, csum::kRegisterBytes, csum::kRegisters);
}

TEST_P(EachForm, LpmIdentifiesItself) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    EXPECT_EQ(engine->read(lpm::ID, 0), 'T' | 'L' << 8 | 'P' << 16 | 'M' << 24);
}

TEST_P(EachForm, ChecksumIdentifiesItself) {
    const std::unique_ptr<ChecksumEngine> engine = make_checksum_engine(GetParam());
    EXPECT_EQ(engine->read(csum::ID, 0), 'C' | 'S' << 8 | 'U' << 16 | 'M' << 24);
}

TEST_P(EachForm, WordsBeyondAMemorySetBadAddressUntilAOneIsWrittenThere) {
    const std::unique_ptr<LpmEngine> engine = make_lpm_engine(GetParam());
    engine->write(lpm::ENTRY_ADDR, lpm::ENTRY_ADDR_INDEX.of(8192), 0);
    engine->write(lpm::ENTRY_DATA, 1, 1);
    EXPECT_EQ(engine->read(lpm::STATUS, 2), lpm::STATUS_BAD_ADDRESS.mask());
    engine->write(lpm::STATUS, 0, 3);
    EXPECT_EQ(engine->read(lpm::STATUS, 4), lpm::STATUS_BAD_ADDRESS.mask());
    engine->write(lpm::STATUS, 1, 5);
    EXPECT_EQ(engine->read(lpm::STATUS, 6), 0u);
}

}  // namespace
}  // namespace turnpike
