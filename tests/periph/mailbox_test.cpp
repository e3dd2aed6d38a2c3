// SPDX-License-Identifier: Apache-2.0
#include "models/periph/mailbox.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "models/core/diagnosis.h"
#include "regs/mailbox.h"
#include "tests/core/register_sweep.h"
#include "tests/core/test_initiator.h"

namespace turnpike::test {
namespace {

namespace mailbox = regs::mailbox;

struct MailboxTest : testing::Test {
    MailboxTest() : device("mailbox"), cpu("cpu", mailbox::kRegisterBytes) {
        cpu.socket.bind(device.socket);
        device.irq.bind(line);
    }
    void settle() {
        for (int n = 0; n < 3; ++n) sc_core::sc_start(sc_core::SC_ZERO_TIME);
    }
    Mailbox::Reply keep() {
        return [this](std::int64_t reply) { replies.push_back(reply); };
    }
    sc_core::sc_signal<bool> line{"line"};
    Mailbox device;
    TestInitiator cpu;
    std::vector<std::int64_t> replies;
};

TEST_F(MailboxTest, RegistersFollowTheirList) {
    settle();
    sweep_registers(cpu, mailbox::kRegisterBytes, mailbox::kRegisters);
}

TEST_F(MailboxTest, MessagesAreSeenOneByOneAndAnswered) {
    const std::uint8_t first[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    const std::uint8_t second[] = {0xAA};
    device.post(10, first, keep());
    device.post(11, second, keep());
    settle();
    EXPECT_EQ(cpu.read(mailbox::STATUS), 1u);
    EXPECT_EQ(cpu.read(mailbox::TYPE), 10u);
    EXPECT_EQ(cpu.read(mailbox::LENGTH), 9u);
    EXPECT_EQ(cpu.read(mailbox::DATA(0)), 0x0807060504030201ULL);
    EXPECT_EQ(cpu.read(mailbox::DATA(1)), 0x09u);
    cpu.write(mailbox::REPLY, 0);
    EXPECT_EQ(replies, std::vector<std::int64_t>{0});
    EXPECT_EQ(cpu.read(mailbox::TYPE), 11u);
    EXPECT_EQ(cpu.read(mailbox::LENGTH), 1u);
    EXPECT_EQ(cpu.read(mailbox::DATA(0)), 0xAAu);
    EXPECT_EQ(cpu.read(mailbox::DATA(1)), 0u) << "nothing of the first is left";
    cpu.write(mailbox::REPLY, static_cast<std::uint64_t>(-22));
    EXPECT_EQ(replies, (std::vector<std::int64_t>{0, -22}));
    EXPECT_EQ(cpu.read(mailbox::STATUS), 0u);
    EXPECT_EQ(device.pending(), 0u);
}

TEST_F(MailboxTest, AnAnswerMayPostTheNextMessage) {
    const std::uint8_t byte[] = {1};
    device.post(1, byte, [&](std::int64_t) { device.post(2, byte, keep()); });
    settle();
    cpu.write(mailbox::REPLY, 0);
    EXPECT_EQ(cpu.read(mailbox::TYPE), 2u);
    EXPECT_EQ(cpu.read(mailbox::STATUS), 1u);
}

TEST_F(MailboxTest, AnAnswerToNothingIsToldAndIgnored) {
    settle();
    const std::uint64_t before = diagnosis_count();
    cpu.write(mailbox::REPLY, 0);
    EXPECT_EQ(diagnosis_count(), before + 1);
}

TEST_F(MailboxTest, AMessageLargerThanDataIsRefused) {
    const std::vector<std::uint8_t> fits(512), too_large(513);
    EXPECT_NO_THROW(device.post(1, fits, {}));
    EXPECT_THROW(device.post(1, too_large, {}), std::length_error);
}

TEST_F(MailboxTest, TheLineIsHighWhileAMessageWaitsAndInterruptsAreWanted) {
    const std::uint8_t byte[] = {1};
    device.post(1, byte, {});
    settle();
    EXPECT_FALSE(line.read());
    cpu.write(mailbox::IRQ_ENABLE, 1);
    settle();
    EXPECT_TRUE(line.read());
    cpu.write(mailbox::REPLY, 0);
    settle();
    EXPECT_FALSE(line.read());
    device.post(2, byte, {});
    settle();
    EXPECT_TRUE(line.read()) << "posted while the simulation runs";
    cpu.write(mailbox::IRQ_ENABLE, 0);
    settle();
    EXPECT_FALSE(line.read());
}

TEST_F(MailboxTest, ReadyAndExitReachTheHost) {
    unsigned ready = 0, status = 0;
    device.set_ready_handler([&] { ++ready; });
    device.set_exit_handler([&](unsigned value) { status = value; });
    settle();
    cpu.write(mailbox::READY, 0);
    EXPECT_EQ(ready, 0u);
    cpu.write(mailbox::READY, 1);
    EXPECT_EQ(ready, 1u);
    cpu.write(mailbox::EXIT, 0x103);
    EXPECT_EQ(status, 3u);
}

}  // namespace
}  // namespace turnpike::test
