// SPDX-License-Identifier: Apache-2.0
#include "models/fabric/dram.h"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

#include "tests/fabric/fabric_bench.h"

namespace turnpike::test {
namespace {

struct DramTest : testing::Test {
    DramTest() : memory("memory", one_mebibyte()), cpu("cpu") {
        cpu.socket.bind(memory.socket);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    Dram memory;
    TestInitiator cpu;
};

TEST_F(DramTest, IsZeroAtStart) {
    EXPECT_EQ(memory.size(), 1048576u);
    EXPECT_EQ(memory.data()[0], 0);
    EXPECT_EQ(memory.data()[memory.size() - 1], 0);
}

TEST_F(DramTest, ReadsTakeTheLatencyWritesDoNot) {
    std::array<std::uint8_t, 3> data{};
    EXPECT_EQ(cpu.write_bytes(5, {1, 2, 3}), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(cpu.delay, sc_core::SC_ZERO_TIME);
    EXPECT_EQ(cpu.read_bytes(5, data), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(cpu.delay, ns(70));
    EXPECT_EQ(data[2], 3);
}

TEST_F(DramTest, AccessesBeyondTheEndAreAddressErrors) {
    std::array<std::uint8_t, 2> data{};
    EXPECT_EQ(cpu.read_bytes(1048575, data), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(cpu.write_bytes(1048576, {1}), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(cpu.write_bytes(~0ULL, {1, 2}), tlm::TLM_ADDRESS_ERROR_RESPONSE);
}

TEST_F(DramTest, ByteEnablesRepeatAndSelect) {
    std::array<std::uint8_t, 5> data{1, 2, 3, 4, 5};
    std::array<unsigned char, 2> enables{TLM_BYTE_ENABLED, TLM_BYTE_DISABLED};
    tlm::tlm_generic_payload payload;
    TestInitiator::prepare(payload, tlm::TLM_WRITE_COMMAND, 0x10, data.data(), data.size());
    payload.set_byte_enable_ptr(enables.data());
    payload.set_byte_enable_length(2);
    sc_core::sc_time delay;
    cpu.socket->b_transport(payload, delay);
    EXPECT_EQ(payload.get_response_status(), tlm::TLM_OK_RESPONSE);
    const std::array<std::uint8_t, 5> expected{1, 0, 3, 0, 5};
    EXPECT_TRUE(std::equal(expected.begin(), expected.end(), memory.data() + 0x10));
}

TEST_F(DramTest, TheObserverHearsOfEveryWrite) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> writes;
    memory.set_write_observer([&](std::uint64_t address, std::uint64_t count) { writes.emplace_back(address, count); });
    cpu.write_bytes(0x20, {1, 2, 3, 4, 5, 6, 7});
    std::array<std::uint8_t, 4> data{};
    cpu.read_bytes(0x20, data);
    EXPECT_EQ(writes, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{{0x20, 7}}));
}

TEST(Dram, ASizeThatTheHostCannotProvideIsToldByItsKey) {
    regs::params::dram params;
    params.size_mib = 0;
    EXPECT_THROW(Dram("none", params), std::runtime_error);
    params.size_mib = ~0ULL;
    EXPECT_THROW(Dram("endless", params), std::runtime_error);
}

}  // namespace
}  // namespace turnpike::test
