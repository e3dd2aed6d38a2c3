// SPDX-License-Identifier: Apache-2.0
#include "models/periph/uart.h"

#include <gtest/gtest.h>

#include "regs/uart.h"
#include "tests/core/register_sweep.h"
#include "tests/core/test_initiator.h"

namespace turnpike::test {
namespace {

namespace uart = regs::uart;

struct UartTest : testing::Test {
    UartTest() : device("uart"), cpu("cpu") {
        cpu.socket.bind(device.socket);
        sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    void put(const std::string& text) {
        for (const char byte : text) cpu.write(uart::THR, static_cast<unsigned char>(byte));
    }
    Uart device;
    TestInitiator cpu;
};

TEST_F(UartTest, RegistersFollowTheirList) { sweep_registers(cpu, uart::kRegisterBytes, uart::kRegisters); }

TEST_F(UartTest, TheTransmitterIsAlwaysEmpty) {
    put("x");
    EXPECT_EQ(cpu.read(uart::LSR), 0x60u);
}

TEST_F(UartTest, BytesGoOutInOrder) {
    std::string out;
    device.set_output([&](char byte) { out.push_back(byte); });
    put("hello\n");
    cpu.write(uart::THR, 0xFFFFFF41);
    EXPECT_EQ(out, "hello\nA");
    EXPECT_EQ(device.text(), "hello\nA");
}

TEST_F(UartTest, TheTextIsBoundedAndKeepsTheLast) {
    const std::size_t written = 5 * Uart::kKeptBytes / 2;
    for (std::size_t n = 0; n < written; ++n) cpu.write(uart::THR, n + 1 == written ? 'z' : 'a');
    EXPECT_GE(device.text().size(), Uart::kKeptBytes);
    EXPECT_LE(device.text().size(), 2 * Uart::kKeptBytes);
    EXPECT_EQ(device.text().back(), 'z');
}

}  // namespace
}  // namespace turnpike::test
