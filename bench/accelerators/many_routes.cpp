// SPDX-License-Identifier: Apache-2.0
#include "bench/accelerators/many_routes.h"

#include <fmt/format.h>

#include "tests/lpm/internet_table.h"
#include "tests/run/program.h"

namespace turnpike::bench {
namespace {

constexpr unsigned kNeighbours = 16, kFirstNeighbour = 16;
constexpr const char* kTable = "ipasn_20140513.dat.gz";
constexpr unsigned kStartNs = 20'000;

/// Routes that the router's own networks or no router could have would be refused.
bool is_route(const lpm::Change& one) { return one.prefix >> 24 != 10 && one.prefix >> 24 != 127; }

std::string in_text(std::uint32_t a) {
    return fmt::format("{}.{}.{}.{}", a >> 24, a >> 16 & 0xFF, a >> 8 & 0xFF, a & 0xFF);
}

}  // namespace

std::vector<lpm::Change> choose_routes(const ManyRoutes& what) {
    if (what.data.empty()) return lpm_test::internet_table(what.routes, what.seed);
    lpm::NextHops hops;
    const std::vector<lpm::Change> all = lpm::read_table((what.data / kTable).string(), hops);
    std::vector<lpm::Change> routes;
    for (std::size_t n = 0; n < what.routes && n < all.size(); ++n) {
        const lpm::Change& one = all[n * all.size() / std::min(what.routes, all.size())];
        if (is_route(one)) routes.push_back(one);
    }
    return routes;
}

void write_many_routes(const std::filesystem::path& folder, const std::vector<lpm::Change>& routes,
                       const ManyRoutes& what) {
    test::Scenario scenario(folder);
    for (unsigned n = 0; n < kNeighbours; ++n) {
        scenario.router += fmt::format("ip neigh add 10.0.1.{} lladdr 02:00:00:0a:01:{:02x} dev eth1 nud permanent\n",
                                       kFirstNeighbour + n, kFirstNeighbour + n);
    }
    for (const lpm::Change& one : routes) {
        scenario.router += fmt::format("ip route add {}/{} via 10.0.1.{}\n", in_text(one.prefix), one.len,
                                       kFirstNeighbour + one.hop % kNeighbours);
    }
    const auto addresses = lpm_test::random_addresses(routes, what.frames, true, what.seed + 1);
    for (std::size_t n = 0; n < addresses.size(); ++n) {
        test::UdpFrame frame;
        frame.destination = addresses[n];
        frame.id = static_cast<std::uint16_t>(n);
        scenario.add(0, kStartNs + n * what.gap_ns, frame.bytes());
    }
    scenario.toml = "[run]\npace = \"real\"\ndrain_s = 0.002\n";
    scenario.write();
}

}  // namespace turnpike::bench
