// SPDX-License-Identifier: Apache-2.0
// The 82599 driver on a hand-worked NIC.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "sw/driver/ixgbe.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/sysctl.h"
#include "tests/sw/fake_nic.h"

namespace fw::test {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

inline constexpr unsigned kPin = 4;
inline constexpr u32 kIfindex = 2;
inline constexpr u16 kTestProtocol = 0xB588;  // 0x88B5 on the wire

inline std::vector<std::vector<u8>> received;

inline void record(sk_buff* skb, net_device*, packet_type*) {
    received.emplace_back(skb->data, skb->tail);
    consume_skb(skb);
}

class Ixgbe : public testing::Test {
  protected:
    void SetUp() override {
        native::boot();
        native::machine().read32 = [this](u64 address) {
            return owns(address) ? nic.read(address - FakeNic::kBar) : 0;
        };
        native::machine().write32 = [this](u64 address, u32 value) {
            if (owns(address)) nic.write(address - FakeNic::kBar, value);
        };
        handler.type = kTestProtocol;
        handler.func = record;
        dev_add_pack(&handler);
    }
    static bool owns(u64 address) { return address >= FakeNic::kBar && address < FakeNic::kBar + 0x80000; }

    static regs::config::Port port() {
        regs::config::Port message;
        message.ifindex = kIfindex;
        message.mtu = 1500;
        message.bar = FakeNic::kBar;
        message.irq_pin = kPin;
        const u8 mac[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};
        std::memcpy(message.mac, mac, sizeof mac);
        std::strcpy(message.name, "eth0");
        return message;
    }

    static void set(SysctlId id, i64 value) { sysctl_global[static_cast<unsigned>(id)] = value; }

    net_device* open() {
        EXPECT_EQ(ixgbe_probe(port()), 0);
        net_device* dev = dev_get_by_name("eth0");
        EXPECT_EQ(dev_open(dev), 0);
        return dev;
    }

    void interrupt() {
        native::machine().interrupts_enabled = false;
        do_IRQ(0x20 + kPin);
        native::machine().interrupts_enabled = true;
    }

    static std::vector<u8> frame(u8 mark, std::size_t bytes = 60) {
        std::vector<u8> bytes_of_it(bytes);
        const u8 mac[6] = {0x02, 0x11, 0x22, 0x33, 0x44, 0x55};
        std::copy(mac, mac + 6, bytes_of_it.begin());
        bytes_of_it[12] = 0x88;
        bytes_of_it[13] = 0xB5;
        bytes_of_it[14] = mark;
        return bytes_of_it;
    }
    static sk_buff* packet(net_device* dev, u8 mark) {
        sk_buff* skb = alloc_skb();
        const std::vector<u8> bytes = frame(mark);
        std::memcpy(skb_put(skb, 60), bytes.data(), bytes.size());
        skb->dev = dev;
        return skb;
    }
    static u64 count(regs::Dev which) {
        return turnpike_counters.cpu[0].dev[kIfindex - 1][static_cast<unsigned>(which)];
    }
    static u64 driver(regs::NicDrv which) {
        return turnpike_counters.queue[kIfindex - 1][0].driver[static_cast<unsigned>(which)];
    }
    static u64 fate(Fate which) { return turnpike_counters.cpu[0].fates[static_cast<unsigned>(which)]; }
    /// First write of `value` to `offset` in the log; its end when there is none.
    std::ptrdiff_t step(u64 offset, u32 value) const {
        const auto found = std::find(nic.log.begin(), nic.log.end(), std::pair<u64, u32>{offset, value});
        EXPECT_NE(found, nic.log.end()) << std::hex << offset << " = " << value;
        return found - nic.log.begin();
    }

    FakeNic nic;
    packet_type handler = {};
};

}  // namespace fw::test
