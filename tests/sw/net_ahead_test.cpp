// SPDX-License-Identifier: Apache-2.0
// Lookups ahead of the packets' turn, by the lookaside ring: what regs/lpm.def says of the ring, answered by the test.
#include <array>
#include <map>
#include <thread>

#include "regs/address_map.h"
#include "regs/lpm.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/softnet.h"
#include "sw/net/netfilter.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

namespace lpm = regs::lpm;
namespace map = regs::map;

/// The engine's ring and its lookup window, answering as a function says.
struct LookasideEngine {
    std::function<u16(u32 address)> answer;
    std::function<void(u32 requests)> rung;  ///< before any is answered
    std::vector<u32> asked;                  ///< addresses, in their order in the ring
    std::atomic<unsigned> blocking_reads = 0;
    bool answers_at_once = true;
    const u64* requests = nullptr;
    u64* completions = nullptr;
    u64 entries = 0;
    u32 head = 0;
    u32 tail = 0;

    void attach() {
        native::machine().read64 = [](u64 address) {
            const u64 offset = address - map::LPM_BASE;
            if (offset == lpm::ID) return lpm_reset(lpm::ID);
            return offset >= lpm::CAPACITY_LEVEL1 && offset <= lpm::CAPACITY_RESULT ? lpm_reset(offset) : u64{0};
        };
        native::machine().read32 = [this](u64 address) -> u32 {
            ++blocking_reads;
            return answer(static_cast<u32>((address - map::LPM_LOOKUP_BASE) / 4));
        };
        native::machine().write64 = [this](u64 address, u64 value) { write(address - map::LPM_BASE, value); };
    }
    static u64 lpm_reset(u64 offset) {
        for (const regs::Register& reg : lpm::kRegisters) {
            if (reg.offset == offset) return reg.reset;
        }
        return 0;
    }
    void write(u64 offset, u64 value) {
        if (offset == lpm::LOOKASIDE_REQUESTS) requests = reinterpret_cast<const u64*>(value);
        if (offset == lpm::LOOKASIDE_COMPLETIONS) completions = reinterpret_cast<u64*>(value);
        if (offset == lpm::LOOKASIDE_ENTRIES) {
            entries = value;
            head = tail = 0;
        }
        if (offset != lpm::LOOKASIDE_TAIL) return;
        const u32 before = tail;
        tail = static_cast<u32>(value);
        if (rung) rung(tail - before);
        if (answers_at_once) answer_all();
    }
    void answer_all() {
        for (; head != tail; ++head) {
            const auto address = static_cast<u32>(lpm::LOOKASIDE_REQUEST_ADDRESS.get(requests[head % entries]));
            asked.push_back(address);
            const u64 word = lpm::LOOKASIDE_COMPLETION_HOP.of(answer(address)) |
                             lpm::LOOKASIDE_COMPLETION_PHASE.of(head / entries % 2 == 0 ? 1 : 0);
            __atomic_store_n(&completions[head % entries], word, __ATOMIC_RELEASE);
        }
    }
};

/// A device that is polled for the frames that wait in it.
struct Poller {
    napi_struct napi;
    std::vector<sk_buff*> frames;
    std::size_t taken = 0;
    static u32 poll(napi_struct* napi, u32 budget) {
        auto* self = reinterpret_cast<Poller*>(napi);
        u32 work = 0;
        for (; work < budget && self->taken < self->frames.size(); ++work) {
            napi_gro_receive(self->frames[self->taken++]);
        }
        if (work < budget) napi_complete(napi);
        return work;
    }
};

class Ahead : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        for (u32 n = 0; n < kNets; ++n) {
            ASSERT_EQ(inet_route_add(via(net(n), 24, ip4(10, 0, 1, 2 + n % 2))), 0);
            hops_[net(n)] = fib_trie_lookup(net(n) + 1);
        }
        engine_.answer = [this](u32 address) {
            const auto found = hops_.find(address & inet_make_mask(24));
            return found == hops_.end() ? kNoNextHop : found->second;
        };
        engine_.attach();
        ASSERT_EQ(inet_accelerators({1, 0, 1}), 0);
        poller_.napi.poll = Poller::poll;
        native::this_cpu = 0;
    }
    void TearDown() override {
        native::machine() = {};
        fib_trie_use_hardware(false);
        Router::TearDown();
    }

    static constexpr u32 kNets = 20;
    static u32 net(u32 n) { return ip4(60, 0, n, 0); }

    static sk_buff* frame(const Bytes& bytes) {
        sk_buff* skb = alloc_skb();
        std::memcpy(skb_put(skb, static_cast<u32>(bytes.size())), bytes.data(), bytes.size());
        eth_type_trans(skb, port(kEth0));
        return skb;
    }
    static Bytes packet_to(u32 destination, u8 ttl = 64) {
        return frame_for(kEth0, ip_packet({.destination = destination, .ttl = ttl}, {1, 2, 3}));
    }
    void poll(const std::vector<Bytes>& frames) {
        poller_.frames.clear();
        poller_.taken = 0;
        for (const Bytes& bytes : frames) poller_.frames.push_back(frame(bytes));
        napi_schedule(&poller_.napi);
        do_softirq();
    }
    static std::vector<u32> destinations_sent() {
        std::vector<u32> out;
        for (const Sent& one : sent()) out.push_back(wire::get32(&one.frame[14 + 16]));
        return out;
    }

    LookasideEngine engine_;
    std::map<u32, u16> hops_;
    Poller poller_ = {};
};

TEST_F(Ahead, PolledPacketsAreAskedForInBatchesAndGoOnInTheirOrder) {
    std::vector<Bytes> frames;
    std::vector<u32> destinations, batches;
    for (u32 n = 0; n < kNets; ++n) {
        destinations.push_back(net(n) + 7);
        frames.push_back(packet_to(destinations.back()));
    }
    engine_.rung = [&](u32 requests) { batches.push_back(requests); };
    poll(frames);
    EXPECT_EQ(batches, (std::vector<u32>{kRxBatch, kRxBatch, kNets - 2 * kRxBatch}));
    EXPECT_EQ(engine_.asked, destinations);
    EXPECT_EQ(engine_.blocking_reads, 0U);
    EXPECT_EQ(destinations_sent(), destinations);
}

TEST_F(Ahead, TheFramesAreThoseOfBlockingReads) {
    std::vector<Bytes> frames;
    for (u32 n = 0; n < kNets; ++n) frames.push_back(packet_to(net(n) + 7, static_cast<u8>(60 + n)));
    frames.push_back(packet_to(ip4(99, 0, 0, 1)));  // no route
    frames.push_back(packet_to(net(3) + 1, 1));     // TTL exceeded
    frames.push_back(packet_to(ip4(10, 0, 0, 1)));  // to the router itself
    poll(frames);
    const std::vector<Sent> ahead = sent();
    sent_frames().clear();
    ASSERT_EQ(inet_accelerators({1, 0, 0}), 0);
    EXPECT_EQ(rx_ahead, nullptr);
    poll(frames);
    EXPECT_GT(engine_.blocking_reads, 0U);
    ASSERT_EQ(ahead.size(), sent().size());
    for (std::size_t n = 0; n < ahead.size(); ++n) {
        if (n < kNets) {  // answers have identifications of their own
            EXPECT_EQ(ahead[n], sent()[n]);
        }
        EXPECT_EQ(ahead[n].ifindex, sent()[n].ifindex);
    }
}

TEST_F(Ahead, ABatchIsUnderWayBeforeTheOneBeforeItIsDelivered) {
    std::vector<std::size_t> sent_before;
    engine_.rung = [&](u32) { sent_before.push_back(sent().size()); };
    poll(std::vector<Bytes>(4 * kRxBatch, packet_to(net(1) + 1)));
    EXPECT_EQ(sent_before, (std::vector<std::size_t>{0, 0, kRxBatch, 2 * kRxBatch}));
    EXPECT_EQ(sent().size(), 4 * kRxBatch);
}

TEST_F(Ahead, TheBacklogOfInterruptsIsAskedForInBatchesToo) {
    for (u32 n = 0; n < 2 * kRxBatch + 1; ++n) netif_rx(frame(packet_to(net(n) + 1)));
    do_softirq();
    EXPECT_EQ(engine_.asked.size(), 2 * kRxBatch + 1);
    EXPECT_EQ(engine_.blocking_reads, 0U);
    EXPECT_EQ(sent().size(), 2 * kRxBatch + 1);
}

TEST_F(Ahead, WhatNeedsNoRouteIsNotAskedFor) {
    Bytes other_host = packet_to(net(1) + 1), unknown = packet_to(net(1) + 1), short_one = packet_to(net(1) + 1);
    other_host[5] = 0x77;
    unknown[13] = 0x55;
    short_one.resize(14 + 19);
    poll({other_host, unknown, short_one, packet_to(net(2) + 1)});
    EXPECT_EQ(engine_.asked, std::vector<u32>{net(2) + 1});
    EXPECT_EQ(sent().size(), 1U);
}

// 512 entries: packets that end before they are routed must not keep theirs.
TEST_F(Ahead, APacketThatDiesEarlyGivesItsEntryBack) {
    Bytes bad = packet_to(net(1) + 1);
    bad[14 + 10] ^= 1;
    for (unsigned round = 0; round < 40; ++round) poll(std::vector<Bytes>(30, bad));
    poll({packet_to(net(2) + 1)});
    EXPECT_EQ(engine_.asked.size(), 1201U);
    EXPECT_EQ(engine_.blocking_reads, 0U);
    EXPECT_EQ(sent().size(), 1U);
}

NfVerdict to_net_5(void*, sk_buff* skb, const nf_hook_state*) {
    wire::put32(skb->data + 16, ip4(60, 0, 5, 9));
    return NF_ACCEPT;
}

TEST_F(Ahead, ADestinationThatAHookChangesIsAskedForAnew) {
    const nf_hook_ops ops = {to_net_5, nullptr, NF_INET_PRE_ROUTING, NF_IP_PRI_NAT_DST};
    ASSERT_EQ(nf_register_hook(&ops), 0);
    poll({packet_to(net(1) + 1)});
    nf_unregister_hook(&ops);
    EXPECT_EQ(engine_.asked, std::vector<u32>{net(1) + 1});
    EXPECT_EQ(engine_.blocking_reads, 1U);
    EXPECT_EQ(destinations_sent(), std::vector<u32>{ip4(60, 0, 5, 9)});
}

/// Packets in a list, as a poll has them.
struct Batch {
    sk_buff_head list = {};
    explicit Batch(const std::vector<u32>& destinations) {
        for (const u32 destination : destinations) {
            const Bytes packet = ip_packet({.destination = destination}, {});
            sk_buff* skb = alloc_skb();
            std::memcpy(skb_put(skb, static_cast<u32>(packet.size())), packet.data(), packet.size());
            skb->protocol = wire::swap16(wire::ETH_P_IP);
            skb_queue_tail(&list, skb);
        }
    }
    ~Batch() {
        while (sk_buff* skb = skb_dequeue(&list)) consume_skb(skb);
    }
};

TEST_F(Ahead, AnEntryWhoseAnswerWasNotReadIsNotTakenAgain) {
    constexpr u32 kSlow = 3;
    const Batch slow(std::vector<u32>(kSlow, net(4) + 1));
    native::this_cpu = 1;
    rx_ahead->begin(slow.list.next, kSlow);
    native::this_cpu = 0;
    for (unsigned round = 0; round < 20; ++round) poll(std::vector<Bytes>(40, packet_to(net(1) + 1)));
    EXPECT_EQ(sent().size(), 800U);
    EXPECT_EQ(engine_.asked.size(), engine_.entries) << "the next entry is the slow CPU's";
    EXPECT_EQ(engine_.blocking_reads, 800U - (engine_.entries - kSlow));
    native::this_cpu = 1;
    for (u32 n = 0; n < kSlow; ++n) {
        rx_ahead->turn();
        EXPECT_EQ(fib_trie_lookup(net(4) + 1), hops_[net(4)]);
    }
    rx_ahead->done();
    native::this_cpu = 0;
    engine_.blocking_reads = 0;
    poll({packet_to(net(1) + 1)});
    EXPECT_EQ(engine_.blocking_reads, 0U);
}

TEST_F(Ahead, AnAnswerThatIsLateIsWaitedFor) {
    engine_.answers_at_once = false;
    const Batch batch({net(6) + 1});
    rx_ahead->begin(batch.list.next, 1);
    rx_ahead->turn();
    std::thread device([this] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        engine_.answer_all();
    });
    EXPECT_EQ(fib_trie_lookup(net(6) + 1), hops_[net(6)]);
    device.join();
    rx_ahead->done();
    EXPECT_EQ(engine_.blocking_reads, 0U);
}

TEST_F(Ahead, CpusThatShareTheRingEachGetTheAnswersToTheirOwn) {
    constexpr unsigned kCpus = 4, kRounds = 5000;
    cpus_online = kCpus;
    std::atomic<unsigned> wrong = 0;
    std::vector<std::thread> threads;
    std::array<std::unique_ptr<Batch>, kCpus> batches;
    for (unsigned cpu = 0; cpu < kCpus; ++cpu) {
        std::vector<u32> destinations;
        for (u32 n = 0; n < kRxBatch; ++n) destinations.push_back(net((cpu * 5 + n) % kNets) + cpu);
        batches[cpu] = std::make_unique<Batch>(destinations);
        threads.emplace_back([&, cpu, destinations] {
            native::this_cpu = cpu;
            for (unsigned round = 0; round < kRounds; ++round) {
                const u32 count = 1 + round % kRxBatch;
                rx_ahead->begin(batches[cpu]->list.next, count);
                for (u32 n = 0; n < count; ++n) {
                    rx_ahead->turn();
                    if ((round + n) % 5 == 0) continue;  // dies before it is routed
                    if (fib_trie_lookup(destinations[n]) != engine_.answer(destinations[n])) ++wrong;
                }
                rx_ahead->done();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    cpus_online = 1;
    EXPECT_EQ(wrong, 0U);
    EXPECT_GT(engine_.asked.size(), 10 * engine_.entries);
}

}  // namespace
}  // namespace fw::test
