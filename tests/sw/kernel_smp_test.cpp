// SPDX-License-Identifier: Apache-2.0
// What CPUs share, under real threads of the host: each stands for a CPU of its own.
#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "sw/hal/apic.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/error.h"
#include "sw/kernel/sch_generic.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/spinlock.h"

namespace {

using namespace fw;

constexpr unsigned kCpus = 4;

class Smp : public testing::Test {
  protected:
    Smp() {
        native::boot();
        cpus_online = kCpus;
    }
    ~Smp() override { cpus_online = 1; }
    template <typename Work>
    static void on_each_cpu(Work work) {
        std::vector<std::thread> threads;
        for (unsigned cpu = 0; cpu < kCpus; ++cpu)
            threads.emplace_back([cpu, work] {
                native::this_cpu = cpu;
                work(cpu);
            });
        for (std::thread& thread : threads) thread.join();
    }
    static u64 lock_stat(LockClass which, regs::LockStat stat) {
        u64 sum = 0;
        for (const regs::CpuCounters& cpu : turnpike_counters.cpu)
            sum += cpu.lock[static_cast<unsigned>(which)][static_cast<unsigned>(stat)];
        return sum;
    }
};

TEST_F(Smp, ASpinlockMakesAReadAndAWriteOne) {
    constexpr unsigned kRounds = 100'000;
    static spinlock lock = {LockClass::nf_queue};
    static volatile u64 count;
    count = 0;
    const u64 before = lock_stat(LockClass::nf_queue, regs::LockStat::acquisitions);
    on_each_cpu([](unsigned) {
        for (unsigned n = 0; n < kRounds; ++n) {
            spin_lock(lock);
            count = count + 1;
            spin_unlock(lock);
        }
    });
    EXPECT_EQ(count, u64{kCpus} * kRounds);
    EXPECT_EQ(lock_stat(LockClass::nf_queue, regs::LockStat::acquisitions) - before, u64{kCpus} * kRounds);
}

TEST_F(Smp, ALockCountsNothingWhileOneCpuIsAllThereIs) {
    cpus_online = 1;
    spinlock lock = {LockClass::nf_queue};
    const u64 before = lock_stat(LockClass::nf_queue, regs::LockStat::acquisitions);
    spin_lock(lock);
    EXPECT_EQ(lock.locked, 0U);
    spin_unlock(lock);
    EXPECT_EQ(lock_stat(LockClass::nf_queue, regs::LockStat::acquisitions), before);
}

TEST_F(Smp, BuffersThatOneCpuTakesAndAnotherFreesAreNeverHeldTwice) {
    constexpr unsigned kRounds = 300, kHeld = 200;
    static std::vector<sk_buff*> held[kCpus];
    for (unsigned round = 0; round < kRounds; ++round) {
        on_each_cpu([](unsigned cpu) {
            for (unsigned n = 0; n < kHeld; ++n) held[cpu].push_back(alloc_skb());
        });
        std::set<sk_buff*> all;
        for (const auto& list : held) all.insert(list.begin(), list.end());
        ASSERT_EQ(all.size(), kCpus * kHeld);
        ASSERT_FALSE(all.contains(nullptr));
        on_each_cpu([](unsigned cpu) {
            for (sk_buff* skb : held[(cpu + 1) % kCpus]) consume_skb(skb);
        });
        for (auto& list : held) list.clear();
    }
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Smp, ASharedBufferIsFreedByTheLastOfItsHolders) {
    for (unsigned round = 0; round < 500; ++round) {
        static sk_buff* skb;
        skb = alloc_skb();
        skb->users = kCpus;
        on_each_cpu([](unsigned) { consume_skb(skb); });
        ASSERT_EQ(skb_free_slots(), kSkbPoolSlots) << round;
    }
}

/// A device that knows in which order each CPU's packets came and whether two were ever sent at a time.
struct Sink {
    static inline std::atomic<unsigned> inside = 0;
    static inline std::vector<u32> marks;
    static NetdevTx xmit(sk_buff* skb, net_device*) {
        EXPECT_EQ(inside.fetch_add(1), 0U);
        marks.push_back(skb->mark);
        inside.fetch_sub(1);
        consume_skb(skb);
        return NETDEV_TX_OK;
    }
};

TEST_F(Smp, PacketsOfAllCpusGoThroughAQueueOneAtATimeAndInTheirOrder) {
    constexpr u32 kPackets = 3000;
    static const net_device_ops ops = {nullptr, nullptr, Sink::xmit, nullptr};
    static net_device dev = {};
    dev.name[0] = 'q';
    dev.ifindex = 2;
    dev.tx_queue_len = kCpus * kPackets;
    dev.ops = &ops;
    ASSERT_EQ(register_netdevice(&dev), 0);
    ASSERT_EQ(dev_open(&dev), 0);
    on_each_cpu([](unsigned cpu) {
        for (u32 n = 0; n < kPackets; ++n) {
            sk_buff* skb = alloc_skb();
            skb->dev = &dev;
            skb->mark = cpu << 16 | n;
            dev_queue_xmit(skb);
        }
    });
    // The CPU that ran the queue may have stopped for fairness; its transmit softirq goes on.
    native::this_cpu = 0;
    qdisc_run(dev.tx[0].qdisc);
    while (dev.tx[0].qdisc->qlen != 0) qdisc_run(dev.tx[0].qdisc);
    u32 next[kCpus] = {};
    for (const u32 mark : Sink::marks) EXPECT_EQ(mark & 0xFFFF, next[mark >> 16]++);
    for (const u32 count : next) EXPECT_EQ(count, kPackets);
    EXPECT_EQ(skb_free_slots(), kSkbPoolSlots);
}

TEST_F(Smp, ACpuThatIsToldToStandStillStandsStillUntilTheChangeIsMade) {
    constexpr unsigned kChanges = 20;
    static std::atomic<bool> changing;
    static std::atomic<unsigned> changes;
    changing = false;
    changes = 0;
    smp_init();  // opens the softirq; the host's "machine" has no more cores to start
    native::machine().write32 = [](u64, u32) {};
    on_each_cpu([](unsigned cpu) {
        if (cpu == 0) {
            for (unsigned n = 0; n < kChanges; ++n) {
                stop_machine([] {
                    changing = true;
                    ++changes;
                    changing = false;
                });
            }
            return;
        }
        while (changes < kChanges) {
            EXPECT_FALSE(changing);
            take_remote_softirqs();
            do_softirq();
            hal::cpu_relax();
        }
    });
    EXPECT_EQ(changes, kChanges);
}

using Write = std::pair<u64, u32>;

class SmpApic : public Smp {
  protected:
    SmpApic() {
        native::machine().write32 = [this](u64 address, u32 value) { writes.emplace_back(address, value); };
    }
    std::vector<Write> writes;
};

// 82093AA data sheet 3.2.4: bits 63 to 56 of an entry name the destination.
TEST_F(SmpApic, APinIsRoutedToTheCpuThatIsAskedFor) {
    const auto nothing = [](unsigned, void*) {};
    ASSERT_EQ(request_irq(5, nothing, nullptr, 3), 0);
    EXPECT_EQ(writes, (std::vector<Write>{
                          {0xFEC00000, 0x1B}, {0xFEC00010, 0x03000000}, {0xFEC00000, 0x1A}, {0xFEC00010, 0x8025}}));
    EXPECT_EQ(request_irq(6, nothing, nullptr, kCpus), -err::inval) << "there is no such CPU";
}

// Intel SDM volume 3, 11.6.1: destination in the high half, then mode, assert and vector in the low half.
TEST_F(SmpApic, ASoftirqMarkedForAnotherCpuInterruptsItAndRunsThere) {
    static unsigned runs;
    runs = 0;
    open_softirq(HI_SOFTIRQ, [] { ++runs; });
    raise_softirq_on(2, HI_SOFTIRQ);
    EXPECT_EQ(writes, (std::vector<Write>{{0xFEE00310, 0x02000000}, {0xFEE00300, 0x40FD}}));
    EXPECT_FALSE(softirq_pending());
    native::this_cpu = 2;
    do_IRQ(0xFD);
    native::this_cpu = 0;
    EXPECT_EQ(runs, 1U);
    EXPECT_EQ(writes.back(), (Write{0xFEE000B0, 0})) << "end of interrupt";
}

// 8.4.4.1: INIT, then start-up with the page of the code, to all but oneself.
TEST_F(SmpApic, OtherCoresAreStartedByInitAndStartUp) {
    lapic_start_others(8);
    EXPECT_EQ(writes,
              (std::vector<Write>{{0xFEE00310, 0}, {0xFEE00300, 0xC4500}, {0xFEE00310, 0}, {0xFEE00300, 0xC4608}}));
}

}  // namespace
