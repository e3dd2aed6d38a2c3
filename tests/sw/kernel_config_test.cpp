// SPDX-License-Identifier: Apache-2.0
// The mailbox's firmware end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <vector>

#include "sw/app/config.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/sysctl.h"

namespace {

using namespace fw;
using testing::ElementsAre;
namespace config = regs::config;

constexpr u64 kMailbox = 0xD0030000;

/// The host's end: answers the registers of regs/mailbox.def.
class Mailbox : public testing::Test {
  protected:
    struct Message {
        u32 type;
        std::vector<u8> bytes;
    };

    void SetUp() override {
        native::boot();
        native::machine().read64 = [this](u64 address) { return read(address - kMailbox); };
        native::machine().write64 = [this](u64 address, u64 value) { write(address - kMailbox, value); };
    }

    template <typename T>
    void post(const T& message, std::size_t bytes = sizeof(T)) {
        Message posted{T::kType, std::vector<u8>(bytes)};
        std::memcpy(posted.bytes.data(), &message, std::min(bytes, sizeof(T)));
        queue.push_back(posted);
    }

    u64 read(u64 offset) const {
        if (offset == 0x08) return !queue.empty();
        if (offset == 0x10) return queue.front().type;
        if (offset == 0x18) return queue.front().bytes.size();
        u64 word = 0;
        const std::vector<u8>& bytes = queue.front().bytes;
        const std::size_t at = offset - 0x100;
        if (at < bytes.size()) std::memcpy(&word, &bytes[at], std::min<std::size_t>(8, bytes.size() - at));
        return word;
    }
    void write(u64 offset, u64 value) {
        if (offset == 0x20) {
            replies.push_back(static_cast<i64>(value));
            queue.pop_front();
        } else if (offset == 0x38) {
            irq_enable = value;
        }
    }

    std::deque<Message> queue;
    std::vector<i64> replies;
    u64 irq_enable = 0;
};

TEST_F(Mailbox, StartEndsTheConfigurationAndGivesTheClock) {
    config::Start start;
    start.tsc_khz = 3'000'000;
    post(start);
    EXPECT_EQ(config_until_start(), 3'000'000U);
    EXPECT_THAT(replies, ElementsAre(0));
}

TEST_F(Mailbox, AnUnknownTypeAndAWrongLengthAreInvalid) {
    queue.push_back({99, {1, 2, 3}});
    post(config::Sysctl{}, sizeof(config::Sysctl) - 1);
    post(config::Start{}, sizeof(config::Start) + 4);
    post(config::Start{1'000});
    config_until_start();
    EXPECT_THAT(replies, ElementsAre(-22, -22, -22, 0));  // EINVAL
}

TEST_F(Mailbox, ASysctlReachesTheStackAndTheConsole) {
    config::Sysctl sysctl_message;
    sysctl_message.id = static_cast<u32>(SysctlId::printk);
    sysctl_message.value = 7;
    post(sysctl_message);
    post(config::Start{1'000});
    config_until_start();
    EXPECT_THAT(replies, ElementsAre(0, 0));
    EXPECT_EQ(console_loglevel, 7);
}

TEST_F(Mailbox, ARefusedMessageAnswersItsErrorNumber) {
    config::LinkSet link;
    link.ifindex = 9;
    link.flags = link.change = config::IFF_UP;
    post(link);
    post(config::Start{1'000});
    config_until_start();
    EXPECT_THAT(replies, ElementsAre(-19, 0));  // ENODEV
}

TEST_F(Mailbox, AMessageDuringTheRunIsObeyedInASoftirq) {
    ASSERT_EQ(config_listen(), 0);
    EXPECT_EQ(irq_enable, 1U);
    config::Sysctl sysctl_message;
    sysctl_message.id = static_cast<u32>(SysctlId::netdev_max_backlog);
    sysctl_message.value = 5;
    post(sysctl_message);
    do_IRQ(0x20 + 22);  // MAILBOX_IRQ, regs/address_map.def
    EXPECT_THAT(replies, ElementsAre(0));
    EXPECT_EQ(sysctl(SysctlId::netdev_max_backlog), 5);
    EXPECT_EQ(irq_enable, 1U);
}

}  // namespace
