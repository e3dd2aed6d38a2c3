// SPDX-License-Identifier: Apache-2.0
#include "bench/mutated/simulation.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "cli/run/configuration.h"
#include "cli/run/report.h"
#include "models/link/schedule.h"

namespace turnpike::mutated {

namespace {

using regs::Fate;

/// Simulated time behind the last frame: longer than anything waits for.
constexpr std::uint64_t kDrainPs = 400'000'000'000'000;
constexpr std::uint64_t kPsPerNs = 1000;

/// One in eight has two cores, one in eight four, half of these with the accelerators.
unsigned cores_of(const Plan& plan) {
    if (plan.cores) return *plan.cores;
    if (plan.number % 8 == 6) return 2;
    return plan.number % 16 == 3 || plan.number % 16 == 10 ? 4 : 1;
}

/// Most simulations take the quick core. The timed one, the accelerators and further cores have ways of their own.
std::vector<std::string> machine_of(const Plan& plan) {
    const std::uint64_t number = plan.number;
    std::vector<std::string> set = {"cpu.profile=simple", number % 16 == 5 ? "cpu.mode=timed" : "cpu.mode=functional"};
    const bool hardware = number % 4 == 3;
    set.push_back(hardware ? "accel.lpm.mode=tlm" : "accel.lpm.mode=software");
    set.push_back(hardware ? "accel.checksum.mode=tlm" : "accel.checksum.mode=software");
    set.push_back(fmt::format("cpu.cores={}", cores_of(plan)));
    return set;
}

std::vector<PortSetup> port_setups(const config::Scenario& scenario, std::vector<Capture> captures,
                                   std::uint64_t& last_ps) {
    std::vector<PortLink> links;
    for (const config::PortConfig& port : scenario.ports)
        links.push_back({port.rate_mbps != 0 ? port.rate_mbps : scenario.machine.link.rate_mbps,
                         scenario.machine.link.propagation_ns * kPsPerNs});
    Schedule schedule = make_schedule(std::move(captures), links, Pace::real);
    last_ps = schedule.last_arrival_ps;
    std::vector<PortSetup> setups;
    for (std::size_t i = 0; i < links.size(); ++i)
        setups.push_back({scenario.ports[i].name, scenario.ports[i].mac, links[i].rate_mbps, links[i].propagation_ps,
                          std::move(schedule.ports[i])});
    return setups;
}

void keep(const std::filesystem::path& folder, const config::Scenario& scenario, const std::vector<Capture>& captures) {
    std::filesystem::create_directories(folder);
    for (std::size_t i = 0; i < captures.size(); ++i) {
        CaptureWriter writer(folder / (scenario.ports[i].name + ".pcap"));
        for (const CapturedFrame& frame : captures[i].frames) writer.write(frame.time_ns, frame.bytes);
        writer.close();
    }
}

/// False: the machine stopped. A change of the configuration that the firmware refuses ends `run_to` early, once: what
/// a mutated frame has done to a neighbour may be such that the scenario's next command no longer fits.
bool run_to(Soc& soc, std::uint64_t ps) { return soc.run_to(ps) && soc.run_to(ps); }

bool run(Soc& soc, Configuration& configuration, std::uint64_t end_ps) {
    configuration.send_due(soc, 0);
    for (std::uint64_t at = 0; at < end_ps;) {
        at = std::min(end_ps, configuration.next_ps());
        if (!run_to(soc, at)) return false;
        configuration.send_due(soc, at);
    }
    return true;
}

/// Why the machine is not as it should be; empty: it is.
std::string look_at(const Soc& soc, bool complete, const std::array<std::uint64_t, regs::kFateCount>& fates,
                    const nlohmann::ordered_json& stats) {
    if (soc.core_dead()) return "a core stopped: " + soc.dead_core().diagnosis();
    if (soc.exit_status()) return fmt::format("the firmware ended the run with status {}", *soc.exit_status());
    if (!complete) return "the run stopped";
    for (const std::string_view bad : {"BUG", "Oops", "panic", "exception"})
        if (const auto at = soc.console().find(bad); at != std::string::npos)
            return "the console says: " + soc.console().substr(at, 200);
    if (soc.unanswered() != 0) return "the firmware obeys no more messages";
    if (!stats["balance"]["balanced"].get<bool>()) return "not balanced: " + stats["balance"].dump();
    for (const Fate fate :
         {Fate::end_on_wire, Fate::end_in_nic, Fate::end_in_ring, Fate::end_in_stack, Fate::end_in_tx, Fate::lost})
        if (const auto frames = fates[static_cast<unsigned>(fate)]; frames != 0)
            return fmt::format("{} frames without a fate: {}", frames, regs::kFates[static_cast<unsigned>(fate)].name);
    return {};
}

void complain(Verdict& verdict, const std::string& text) {
    const std::size_t bytes = std::min(text.size(), sizeof verdict.complaint - 1);
    std::copy_n(text.begin(), bytes, verdict.complaint);
    verdict.complaint[bytes] = 0;
}

}  // namespace

const Router& router_of(const std::vector<Router>& routers, const Plan& plan) {
    return routers[(plan.seed + plan.number) % routers.size()];
}

void simulate(const std::vector<Router>& routers, const Plan& plan, Verdict& verdict) {
    const Router& router = router_of(routers, plan);
    const config::Scenario scenario = config::load_scenario(router.folder, machine_of(plan), TURNPIKE_MACHINES_DIR);
    std::vector<Mac> macs;
    for (const config::PortConfig& port : scenario.ports) macs.push_back(port.mac);
    Random random(Random(plan.seed).next() + plan.number);
    std::vector<Capture> captures = make_traffic(routers, router, macs, plan.frames, random);
    if (plan.keep) keep(*plan.keep, scenario, captures);

    std::uint64_t last_ps = 0;
    const ElfImage image(plan.firmware, scenario.machine.dram.size_mib << 20);
    Soc soc("soc", scenario.machine, scenario.cpu_profile, port_setups(scenario, std::move(captures), last_ps), image);
    Configuration configuration(scenario);
    configuration.boot(soc);
    soc.start_traffic(std::vector<std::filesystem::path>(soc.ports(), "/dev/null"), 0);
    const std::uint64_t end_ps = std::max(last_ps, configuration.last_ps()) + kDrainPs;
    const bool complete = run(soc, configuration, end_ps);
    soc.finish();

    const auto fates = soc.recorder().by_fate();
    std::copy(fates.begin(), fates.end(), verdict.fates);
    verdict.sent = soc.recorder().forwarded() + soc.recorder().generated();
    complain(verdict, look_at(soc, complete, fates, make_stats(scenario, soc, end_ps)));
}

}  // namespace turnpike::mutated
