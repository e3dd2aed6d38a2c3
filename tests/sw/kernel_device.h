// SPDX-License-Identifier: Apache-2.0
// A device whose driver writes down what it is given, and a protocol that does so with what arrives.
#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/counters.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/netdevice.h"
#include "sw/kernel/sysctl.h"

namespace fw::test {

using testing::ElementsAre;

inline constexpr u32 kIfindex = 3;
inline constexpr u16 kTestProtocol = 0xB588;  // 0x88B5 on the wire: IEEE 802 local experimental type 1

inline std::vector<u8> sent;      // first byte of each packet that reached the driver
inline std::vector<u8> received;  // and of each that reached a protocol
inline bool driver_busy = false;

inline NetdevTx record_xmit(sk_buff* skb, net_device*) {
    if (driver_busy) return NETDEV_TX_BUSY;
    sent.push_back(skb->data[0]);
    consume_skb(skb);
    return NETDEV_TX_OK;
}

inline void record_receive(sk_buff* skb, net_device*, packet_type*) {
    received.push_back(skb->data[0]);
    consume_skb(skb);
}

inline const net_device_ops kOps = {nullptr, nullptr, record_xmit, nullptr};

class Device : public testing::Test {
  protected:
    void SetUp() override {
        native::boot();
        std::strcpy(dev.name, "eth1");
        dev.ifindex = kIfindex;
        dev.mtu = 1500;
        dev.tx_queue_len = 1000;
        dev.ops = &kOps;
        const u8 mac[] = {2, 0, 0, 0, 0, 1};
        std::memcpy(dev.dev_addr, mac, sizeof mac);
        ASSERT_EQ(register_netdevice(&dev), 0);
        ASSERT_EQ(dev_open(&dev), 0);
        handler.type = kTestProtocol;
        handler.func = record_receive;
    }

    sk_buff* packet(u8 first, u32 priority = 0) {
        sk_buff* skb = alloc_skb();
        std::memset(skb_put(skb, 60), 0, 60);
        skb->data[0] = first;
        skb->dev = &dev;
        skb->priority = priority;
        skb->protocol = kTestProtocol;
        return skb;
    }
    u64 count(regs::Dev which) const {
        return turnpike_counters.cpu[0].dev[kIfindex - 1][static_cast<unsigned>(which)];
    }
    static u64 qdisc(regs::Qdisc which) {
        return turnpike_counters.queue[kIfindex - 1][0].qdisc[static_cast<unsigned>(which)];
    }
    static u64 fate(Fate which) { return turnpike_counters.cpu[0].fates[static_cast<unsigned>(which)]; }
    static u64 cpu(regs::Softnet which) { return turnpike_counters.cpu[0].softnet[static_cast<unsigned>(which)]; }
    static void set(SysctlId id, i64 value) { sysctl_global[static_cast<unsigned>(id)] = value; }

    net_device dev = {};
    packet_type handler = {};
};

}  // namespace fw::test
