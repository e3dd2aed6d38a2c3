// SPDX-License-Identifier: Apache-2.0
// Frames in and what a real Linux 6.18 router made of them (tests/data/oracle).
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/sw/net_router.h"

namespace fw::test {
namespace {

struct Arrival {
    u64 time_us;
    u32 ifindex;
    Bytes frame;
};

std::string data_folder(const std::string& scenario) {
    return (std::filesystem::path(TURNPIKE_TEST_DATA_DIR) / "oracle" / scenario).string();
}

u32 little(const Bytes& bytes, size_t at) {
    u32 value = 0;
    std::memcpy(&value, &bytes[at], sizeof value);
    return value;
}

/// Frames of a classic pcap file with microseconds, as the samples are.
std::vector<Arrival> read_pcap(const std::string& path, u32 ifindex) {
    std::ifstream in(path, std::ios::binary);
    const Bytes bytes((std::istreambuf_iterator<char>(in)), {});
    if (bytes.size() < 24 || little(bytes, 0) != 0xA1B2C3D4) {
        ADD_FAILURE() << path << " is no capture";
        return {};
    }
    std::vector<Arrival> arrivals;
    for (size_t at = 24; at + 16 <= bytes.size();) {
        const u32 length = little(bytes, at + 8);
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at + 16);
        arrivals.push_back(
            {u64{little(bytes, at)} * 1'000'000 + little(bytes, at + 4), ifindex, Bytes(begin, begin + length)});
        at += 16 + length;
    }
    return arrivals;
}

std::map<std::string, u64> read_nstat(const std::string& scenario) {
    std::ifstream in(data_folder(scenario) + "/expect/nstat.txt");
    std::map<std::string, u64> values;
    std::string name;
    u64 value = 0;
    while (in >> name >> value) values[name] = value;
    return values;
}

class Oracle : public Router {
  protected:
    void replay(const std::string& scenario, u32 ports) {
        std::vector<Arrival> arrivals;
        for (u32 n = 0; n < ports; ++n) {
            const auto more = read_pcap(data_folder(scenario) + "/in/eth" + std::to_string(n) + ".pcap", kEth0 + n);
            arrivals.insert(arrivals.end(), more.begin(), more.end());
        }
        std::stable_sort(arrivals.begin(), arrivals.end(),
                         [](const Arrival& a, const Arrival& b) { return a.time_us < b.time_us; });
        for (const Arrival& arrival : arrivals) receive(arrival.ifindex, arrival.frame);
        for (u32 n = 0; n < ports; ++n) expect_sent(scenario, n);
        expect_counters(scenario);
    }

    static void expect_sent(const std::string& scenario, u32 n) {
        std::vector<Bytes> got;
        for (const Sent& one : sent()) {
            if (one.ifindex == kEth0 + n) got.push_back(one.frame);
        }
        std::vector<Bytes> wanted;
        const std::string path = data_folder(scenario) + "/expect/eth" + std::to_string(n) + ".pcap";
        for (const Arrival& one : read_pcap(path, kEth0 + n)) wanted.push_back(one.frame);
        EXPECT_EQ(got, wanted) << scenario << " eth" << n;
    }

    static void expect_counters(const std::string& scenario) {
        const auto wanted = read_nstat(scenario);
        const std::pair<const char*, Snmp> names[] = {
#define SNMP(name) {#name, Snmp::name},
#define DEV(name)
#define SOFTNET(name)
#define NICDRV(name)
#define QDISC(name)
#define LOCKCLASS(name)
#define LOCKSTAT(name)
#include "regs/counters.def"
#undef SNMP
#undef DEV
#undef SOFTNET
#undef NICDRV
#undef QDISC
#undef LOCKCLASS
#undef LOCKSTAT
        };
        unsigned compared = 0;
        for (const auto& [name, which] : names) {
            const auto found = wanted.find(name);
            if (found == wanted.end()) continue;
            EXPECT_EQ(counter(which), found->second) << scenario << " " << name;
            ++compared;
        }
        EXPECT_GT(compared, 20U);
    }
};

TEST_F(Oracle, PlainForwardingIsLinuxByteForByteAndCounterForCounter) {
    configure();
    replay("fwd_basic", 2);
}

TEST_F(Oracle, FragmentsAreLinuxByteForByteAndCounterForCounter) {
    port(kEth1)->mtu = 620;
    port(kEth2)->mtu = 1000;
    configure();
    link_up(kEth2);
    addr_add(kEth2, ip4(10, 0, 2, 1), 24);
    neigh_add(kEth2, ip4(10, 0, 2, 2), {2, 0, 0, 0x0C, 2, 2});
    replay("frag_plain", 3);
}

}  // namespace
}  // namespace fw::test
