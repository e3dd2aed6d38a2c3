// SPDX-License-Identifier: Apache-2.0
// The trie against an exact slow reference: for every question a walk over all routes.
#include <bit>
#include <random>

#include "regs/address_map.h"
#include "regs/checksum.h"
#include "regs/lpm.h"
#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

namespace lpm = regs::lpm;
namespace csum = regs::checksum;

struct Entry {
    u32 dst;
    u8 len;
    u32 table;
    u32 metric;
    u32 gateway;  // 0: blackhole
};

/// Longest prefix of `local` and `main`; among equals `local`, then the lowest metric. What other tables say is for
/// software.
const Entry* reference(const std::vector<Entry>& routes, u32 address) {
    const Entry* best = nullptr;
    for (const Entry& e : routes) {
        const bool matches = e.len == 0 || ((address ^ e.dst) >> (32 - e.len)) == 0;
        if (!matches || (e.table != rc::RT_TABLE_MAIN && e.table != rc::RT_TABLE_LOCAL)) continue;
        const auto rank = [](const Entry& x) { return std::tuple(x.len, x.table, ~x.metric); };
        if (!best || rank(e) > rank(*best)) best = &e;
    }
    return best;
}

/// The accelerator as regs/lpm.def describes it: memories behind an address and two data registers.
struct Accelerator {
    struct Word {
        u64 data = 0;
        u64 children = 0;
    };
    static constexpr unsigned kRoot = 0, kResult = 6, kMemories = 7;

    u64 at = 0;
    u64 high = 0;
    u64 writes = 0;
    bool enabled = false;
    bool bad_address = false;
    std::vector<Word> memory[kMemories];

    explicit Accelerator(u64 level4 = 24576, u64 results = 65536) {
        const u64 words[kMemories] = {8192, 8192, 16384, 16384, level4, 16384, results};
        for (unsigned n = 0; n < kMemories; ++n) memory[n].resize(words[n]);
    }
    u64 read(u64 offset) const {
        constexpr u64 kCapacity[] = {lpm::CAPACITY_LEVEL1, lpm::CAPACITY_LEVEL2, lpm::CAPACITY_LEVEL3,
                                     lpm::CAPACITY_LEVEL4, lpm::CAPACITY_LEVEL5, lpm::CAPACITY_RESULT};
        for (unsigned n = 0; n < 6; ++n) {
            if (offset == kCapacity[n]) return memory[n + 1].size();
        }
        return offset == lpm::ID ? 0x4D504C54 : 0;
    }
    void write(u64 offset, u64 value) {
        if (offset == lpm::CTRL) enabled = lpm::CTRL_ENABLE.test(value);
        if (offset == lpm::ENTRY_ADDR) at = value;
        if (offset == lpm::ENTRY_HIGH) high = value;
        if (offset != lpm::ENTRY_DATA) return;
        auto& written = memory[lpm::ENTRY_ADDR_MEMORY.get(at)];
        const u64 index = lpm::ENTRY_ADDR_INDEX.get(at);
        ++writes;
        ++at;
        if (index < written.size()) {
            written[index] = {value, lpm::ENTRY_HIGH_CHILDREN.get(high)};
        } else {
            bad_address = true;
        }
    }
    u32 lookup(u32 address) const {
        if (!enabled) return kNoNextHop;
        const u64 root = memory[kRoot][address >> 19].data;
        u64 hop = lpm::ENTRY_DATA_ROOT_DEFAULT.get(root);
        u64 node = lpm::ENTRY_DATA_ROOT_CHILD.get(root);
        if (!lpm::ENTRY_DATA_ROOT_CHILD_VALID.test(root)) return static_cast<u32>(hop);
        for (unsigned level = 1; level <= 5; ++level) {
            const Word& word = memory[level].at(node);
            const unsigned nibble = (address << (9 + 4 * level)) >> 28;
            const u64 internal = lpm::ENTRY_DATA_NODE_INTERNAL.get(word.data);
            for (int bits = 3; bits >= 0; --bits) {
                const unsigned bit = (1U << bits) - 1 + (nibble >> (4 - bits));
                if (!(internal >> bit & 1)) continue;
                const u64 before = static_cast<u64>(std::popcount(internal & ((u64{1} << bit) - 1)));
                const u64 first = lpm::ENTRY_DATA_NODE_RESULTS.get(word.data);
                hop = memory[kResult].at(first + (lpm::ENTRY_DATA_NODE_UNIFORM.test(word.data) ? 0 : before)).data;
                break;
            }
            const u64 external = lpm::ENTRY_DATA_NODE_EXTERNAL.get(word.data);
            if (level == 5 || !(external >> nibble & 1)) break;
            node = word.children + static_cast<u64>(std::popcount(external & ((u64{1} << nibble) - 1)));
        }
        return static_cast<u32>(hop);
    }
    void attach() {
        namespace map = regs::map;
        native::machine().read64 = [this](u64 address) {
            return address - map::LPM_BASE < map::LPM_BYTES ? read(address - map::LPM_BASE) : 0;
        };
        native::machine().write64 = [this](u64 address, u64 value) {
            if (address - map::LPM_BASE < map::LPM_BYTES) write(address - map::LPM_BASE, value);
        };
        native::machine().read32 = [this](u64 address) -> u32 {
            if (address - map::LPM_LOOKUP_BASE >= map::LPM_LOOKUP_BYTES) return 0;
            return lookup(static_cast<u32>((address - map::LPM_LOOKUP_BASE) / 4));
        };
    }
};

class Trie : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        for (u8 n = 0; n < 2; ++n) {
            const u32 net = ip4(10, 0, n, 0);
            own_.push_back({net + 1, 32, rc::RT_TABLE_LOCAL, 0, 0});
            own_.push_back({net, 24, rc::RT_TABLE_MAIN, 0, 0});
            own_.push_back({net + 255, 32, rc::RT_TABLE_LOCAL, 0, 0});
        }
        own_.push_back({ip4(127, 0, 0, 0), 8, rc::RT_TABLE_LOCAL, 0, 0});
        own_.push_back({ip4(127, 0, 0, 1), 32, rc::RT_TABLE_LOCAL, 0, 0});
        own_.push_back({ip4(127, 255, 255, 255), 32, rc::RT_TABLE_LOCAL, 0, 0});
    }

    /// Random routes whose prefixes nest, in few enough blocks to fit the nodes.
    Entry random_route() {
        const u32 tables[] = {rc::RT_TABLE_MAIN, rc::RT_TABLE_MAIN, rc::RT_TABLE_MAIN, rc::RT_TABLE_DEFAULT, 100};
        Entry e{};
        // Few short ones: a route over everything would hide what lies below it.
        e.len = static_cast<u8>(random_() % 40 == 0 ? random_() % 8 : 8 + random_() % 25);
        e.dst = (ip4(60 + random_() % 4, random_() % 4, random_() % 6, random_() % 256)) & inet_make_mask(e.len);
        e.table = tables[random_() % 5];
        e.metric = static_cast<u32>(random_() % 3);
        e.gateway = random_() % 4 == 0 ? 0 : ip4(10, 0, 1, 2 + random_() % 200);
        return e;
    }

    bool add(const Entry& e) {
        rc::RouteAdd message = e.gateway ? via(e.dst, e.len, e.gateway) : special(e.dst, e.len, rc::RTN_BLACKHOLE);
        message.table = e.table;
        message.metric = e.metric;
        const int result = inet_route_add(message);
        if (result == 0) routes_.push_back(e);
        return result == 0;
    }

    void remove(size_t which) {
        const Entry e = routes_[which];
        rc::RouteDel message = del(e.dst, e.len);
        message.table = e.table;
        message.metric = e.metric;
        message.gateway = e.gateway;
        routes_.erase(routes_.begin() + static_cast<std::ptrdiff_t>(which));
        // Metric 0 in the message means any; the one without metric comes first.
        ASSERT_EQ(inet_route_del(message), 0);
    }

    void expect_same(u32 address, const Accelerator* hardware = nullptr) {
        std::vector<Entry> all = routes_;
        all.insert(all.end(), own_.begin(), own_.end());
        const Entry* wanted = reference(all, address);
        const u16 index = fib_trie_lookup(address);
        if (hardware) {
            ASSERT_EQ(hardware->lookup(address), index);
        }
        if (!wanted) {
            ASSERT_EQ(index, kNoNextHop) << std::hex << address;
            return;
        }
        ASSERT_NE(index, kNoNextHop) << std::hex << address;
        if (wanted >= &all[routes_.size()]) return;  // the router's own
        ASSERT_EQ(rt_table[index].key.gateway, wanted->gateway) << std::hex << address;
    }

    void expect_all_same(const Accelerator* hardware = nullptr) {
        for (const Entry& e : routes_) {
            const u32 last = e.dst | ~inet_make_mask(e.len);
            for (const u32 address : {e.dst, last, e.dst - 1, last + 1, e.dst + (last - e.dst) / 2}) {
                expect_same(address, hardware);
            }
        }
        for (unsigned i = 0; i < 200; ++i) expect_same(static_cast<u32>(random_()), hardware);
        for (unsigned i = 0; i < 200; ++i) {
            expect_same(ip4(60 + random_() % 4, random_() % 4, random_() % 6, random_() % 256), hardware);
        }
    }

    void churn(const Accelerator* hardware) {
        for (unsigned step = 0; step < 600; ++step) {
            if (routes_.size() > 120 || (!routes_.empty() && random_() % 3 == 0)) {
                remove(random_() % routes_.size());
            } else {
                add(random_route());
            }
            if (step % 60 == 59) expect_all_same(hardware);
            if (HasFatalFailure()) return;
        }
        while (!routes_.empty()) remove(routes_.size() - 1);
        expect_all_same(hardware);
    }

    std::mt19937 random_{2026};
    std::vector<Entry> routes_;
    std::vector<Entry> own_;
};

TEST_F(Trie, AgreesWithTheReferenceOverRandomTablesAndChanges) { churn(nullptr); }

TEST_F(Trie, TheAcceleratorAgreesEntryByEntryThroughAllChanges) {
    Accelerator hardware;
    hardware.attach();
    for (unsigned i = 0; i < 40; ++i) add(random_route());
    ASSERT_EQ(inet_accelerators({1, 0}), 0);
    EXPECT_FALSE(hardware.bad_address);
    churn(&hardware);
    EXPECT_FALSE(hardware.bad_address);
    native::machine() = {};
    fib_trie_use_hardware(false);
}

TEST_F(Trie, ALookupByTheAcceleratorIsOneRead) {
    Accelerator hardware;
    hardware.attach();
    ASSERT_EQ(inet_accelerators({1, 0}), 0);
    unsigned reads = 0;
    const auto answer = native::machine().read32;
    native::machine().read32 = [&](u64 address) {
        ++reads;
        return answer(address);
    };
    receive_ip(kEth0, ip_packet({}, {1}));
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(reads, 1U);
}

TEST_F(Trie, AChangeOfOneRouteWritesTheWordsOnItsWayOnly) {
    Accelerator hardware;
    hardware.attach();
    add({ip4(60, 0, 0, 0), 24, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 2)});
    ASSERT_EQ(inet_accelerators({1, 0}), 0);
    const u64 before = hardware.writes;
    // Its next hop, its node beside the other's, and the word that leads to both.
    add({ip4(60, 0, 8, 0), 24, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 3)});
    EXPECT_EQ(hardware.writes, before + 4);
}

TEST_F(Trie, AFullTrieRefusesARouteAndStaysAsItWas) {
    int result = 0;
    u32 added = 0;
    const auto nth = [](u32 n) { return ip4(60 + n / 65536, n / 256 % 256, n % 256, 128); };
    // Each takes a node of its own.
    while (result == 0) {
        result = inet_route_add(via(nth(added), 25, ip4(10, 0, 1, 2)));
        if (result == 0) ++added;
    }
    EXPECT_EQ(result, -err::nospc);
    EXPECT_GT(added, 60000U);
    const u32 refused = nth(added);
    EXPECT_EQ(fib_trie_lookup(refused), kNoNextHop);
    EXPECT_EQ(inet_route_del(del(refused, 25)), -err::srch);
    for (u32 n = 0; n < 64; ++n) ASSERT_EQ(inet_route_del(del(nth(n), 25)), 0);
    EXPECT_EQ(inet_route_add(via(refused, 25, ip4(10, 0, 1, 2))), 0);
}

TEST_F(Trie, ASmallerAcceleratorSetsTheLimit) {
    Accelerator hardware(512);
    hardware.attach();
    ASSERT_EQ(inet_accelerators({1, 0}), 0);
    int result = 0;
    u32 added = 0;
    for (; added < 600 && result == 0; ++added) {
        result = inet_route_add(via(ip4(60, added / 256, added % 256, 128), 25, ip4(10, 0, 1, 2)));
    }
    EXPECT_EQ(result, -err::nospc);
    EXPECT_GT(added, 100U);
    EXPECT_FALSE(hardware.bad_address);
}

TEST_F(Trie, RoutesThatTheAcceleratorHasNoRoomForStayWithSoftware) {
    for (u32 n = 0; n < 600; ++n) add({ip4(60, n / 256, n % 256, 128), 25, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 2)});
    Accelerator hardware(512);
    hardware.attach();
    EXPECT_EQ(inet_accelerators({1, 0}), -err::nospc);
    expect_all_same();
    EXPECT_EQ(hardware.writes, 0U);
}

TEST_F(Trie, ARouteThatComesToLightWithoutRoomForItsNextHopLeavesLookupsToSoftware) {
    Accelerator hardware(24576, 512);
    hardware.attach();
    ASSERT_EQ(inet_accelerators({1, 0}), 0);
    // Twins of one next hop share its word as long as the first of them wins.
    const u32 twin = ip4(50, 0, 0, 0);
    for (u32 n = 0; n < 3; ++n) add({twin + (n << 8), 24, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 2)});
    add({twin, 24, rc::RT_TABLE_MAIN, 7, ip4(10, 0, 1, 3)});
    for (u32 n = 0; n < 1000; ++n) {
        add({ip4(60, n / 32, n % 32 * 8, 0), 24, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 4)});
        add({ip4(60, n / 32, n % 32 * 8 + 1, 0), 24, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 5)});
        add({ip4(60, n / 32, n % 32 * 8 + 2, 0), 24, rc::RT_TABLE_MAIN, 0, ip4(10, 0, 1, 4)});
    }
    ASSERT_EQ(fib_trie_lookup(twin), fib_trie_lookup(twin + 256));
    rc::RouteDel first = del(twin, 24);
    first.gateway = ip4(10, 0, 1, 2);
    ASSERT_EQ(inet_route_del(first), 0);
    const u16 index = fib_trie_lookup(twin);
    if (index != kNoNextHop) {
        EXPECT_EQ(rt_table[index].key.gateway, ip4(10, 0, 1, 3));
    }
    EXPECT_EQ(rt_table[fib_lookup_address(twin).nexthop].key.gateway, ip4(10, 0, 1, 3));
}

TEST_F(Trie, AnAcceleratorThatIsNotThereIsNoDevice) {
    EXPECT_EQ(inet_accelerators({1, 0}), -err::nodev);
    EXPECT_EQ(inet_accelerators({0, 1}), -err::nodev);
    receive_ip(kEth0, ip_packet({}, {1}));
    EXPECT_EQ(sent().size(), 1U);
}

TEST_F(Trie, ThousandsOfRoutesGoInAndOut) {
    for (u32 n = 0; n < 8192; ++n) {
        ASSERT_EQ(inet_route_add(via(ip4(100, n / 256, n % 256, 0), 24, ip4(10, 0, 1, 2 + n % 250))), 0) << n;
    }
    for (u32 n = 0; n < 8192; n += 97) {
        const u16 index = fib_trie_lookup(ip4(100, n / 256, n % 256, 9));
        EXPECT_EQ(rt_table[index].gateway, ip4(10, 0, 1, 2 + n % 250));
    }
    for (u32 n = 0; n < 8192; ++n) ASSERT_EQ(inet_route_del(del(ip4(100, n / 256, n % 256, 0), 24)), 0);
    EXPECT_EQ(fib_trie_lookup(ip4(100, 3, 3, 3)), kNoNextHop);
}

class ChecksumAccelerator : public Router {
  protected:
    /// Sums the memory it is told to, as regs/checksum.def says; or reports a bus error.
    void attach(bool bus_error) {
        const u64 base = regs::map::CHECKSUM_BASE;
        native::machine().read64 = [this, base, bus_error](u64 address) -> u64 {
            if (address == base + csum::ID) return 0x4D555343;
            if (address != base + csum::RESULT) return 0;
            if (bus_error) return csum::RESULT_BUS_ERROR.of(1);
            const auto* at = reinterpret_cast<const u8*>(csum::COMMAND_ADDRESS.get(command_));
            const u16 sum = static_cast<u16>(~internet_checksum(at, csum::COMMAND_LENGTH.get(command_)));
            return wire::swap16(sum);
        };
        native::machine().write64 = [this, base](u64 address, u64 value) {
            if (address == base + csum::COMMAND) command_ = value, ++commands_;
        };
    }
    u64 command_ = 0;
    unsigned commands_ = 0;
};

TEST_F(ChecksumAccelerator, JudgesHeadersAsSoftwareDoes) {
    configure();
    attach(false);
    ASSERT_EQ(inet_accelerators({0, 1}), 0);
    const Bytes good = ip_packet({.options = {1, 1, 1, 0}}, {1, 2, 3});
    receive_ip(kEth0, good);
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(csum::COMMAND_LENGTH.get(command_), 24U);
    Bytes bad = good;
    bad[11] ^= 1;
    receive_ip(kEth0, bad);
    EXPECT_EQ(fate(Fate::ip_checksum), 1U);
    EXPECT_EQ(commands_, 2U);
    EXPECT_EQ(counter(Snmp::TurnpikeChecksumBusErrors), 0U);
}

TEST_F(ChecksumAccelerator, ABusErrorIsCountedAndSoftwareDecides) {
    configure();
    attach(true);
    ASSERT_EQ(inet_accelerators({0, 1}), 0);
    receive_ip(kEth0, ip_packet({}, {1, 2, 3}));
    EXPECT_EQ(sent().size(), 1U);
    EXPECT_EQ(counter(Snmp::TurnpikeChecksumBusErrors), 1U);
}

}  // namespace
}  // namespace fw::test
