// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/linux_router.h"

#include <fmt/format.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "cli/diff/linux_sysctls.h"
#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

/// Far ends take whatever the port may send.
constexpr unsigned kFarMtu = 65535;
/// linkwatch reports a carrier within a second even when it is busy.
constexpr auto kCarrierTimeout = std::chrono::seconds(3);

void must(const std::vector<std::string>& arguments) {
    const ProcessResult result = run_process(arguments);
    if (result.status == 0) return;
    std::string line;
    for (const std::string& argument : arguments) line += (line.empty() ? "" : " ") + argument;
    throw EnvironmentError(fmt::format("'{}' failed with status {}: {}", line, result.status, result.output));
}

void write_sysctls() {
    for (const SysctlValue& sysctl : kRouterSysctls) {
        const std::string name(sysctl.name);
        const std::size_t star = name.find('*');
        if (star == std::string::npos) {
            write_sysctl(name, sysctl.value);
            continue;
        }
        for (const char* scope : {"all", "default"}) {
            write_sysctl(std::string(name).replace(star, 1, scope), sysctl.value);
        }
    }
}

std::string far_name(const LinuxPort& port) { return port.name; }

/// Flags (IFF_*) of an interface of this thread's namespace.
unsigned interface_flags(const std::string& interface) {
    const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ifreq request{};
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
    const bool found = control >= 0 && ioctl(control, SIOCGIFFLAGS, &request) == 0;
    if (control >= 0) close(control);
    if (!found) throw EnvironmentError("no interface " + interface + " any more");
    return static_cast<unsigned short>(request.ifr_flags);
}

/// Keeps the thread on one processor: a frame is forwarded on the processor that injects it, so two processors could
/// swap two frames.
class OneProcessor {
  public:
    OneProcessor() {
        sched_getaffinity(0, sizeof before_, &before_);
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(static_cast<unsigned>(sched_getcpu()), &one);
        sched_setaffinity(0, sizeof one, &one);
    }
    ~OneProcessor() { sched_setaffinity(0, sizeof before_, &before_); }
    OneProcessor(const OneProcessor&) = delete;
    OneProcessor& operator=(const OneProcessor&) = delete;

  private:
    cpu_set_t before_{};
};

}  // namespace

LinuxRouter::LinuxRouter(std::vector<LinuxPort> ports) : ports_(std::move(ports)) {
    {
        const Inside far(far_);
        write_sysctl("net.ipv6.conf.all.disable_ipv6", "1");
        write_sysctl("net.ipv6.conf.default.disable_ipv6", "1");
    }
    {
        const Inside router(router_);
        write_sysctls();
        must({"ip", "link", "set", "lo", "up"});
    }
    for (const LinuxPort& port : ports_) make_port(port);
}

void LinuxRouter::make_port(const LinuxPort& port) {
    {
        const Inside router(router_);
        must({"ip", "link", "add", port.name, "address", port.mac, "mtu", std::to_string(port.mtu), "type", "veth",
              "peer", "name", far_name(port), "mtu", std::to_string(kFarMtu), "netns", far_.path()});
        disable_offloads(port.name);
    }
    const Inside far(far_);
    disable_offloads(far_name(port));
    // No addresses and no ARP: the far end itself never says anything.
    must({"ip", "link", "set", far_name(port), "arp", "off", "up"});
    sockets_.push_back(std::make_unique<PacketSocket>(far_name(port)));
}

void LinuxRouter::configure(const std::filesystem::path& script) {
    script_ = read_script(script);
    const Inside router(router_);
    for (const ScriptLine& line : script_.before) run_line(script_, line);
}

void LinuxRouter::start_programs(const std::vector<config::Command>& tasks) {
    std::vector<std::string> names;
    for (const LinuxPort& port : ports_) names.push_back(port.name);
    const Inside router(router_);
    programs_ = std::make_unique<LocalPrograms>(tasks, names);
}

void LinuxRouter::wait_for_carrier() {
    const auto deadline = Clock::now() + kCarrierTimeout;
    for (const LinuxPort& port : ports_) {
        bool up = false;
        {
            const Inside router(router_);
            up = (interface_flags(port.name) & IFF_UP) != 0;
        }
        const Inside far(far_);
        while (up && (interface_flags(far_name(port)) & IFF_RUNNING) == 0) {
            if (Clock::now() > deadline) throw EnvironmentError(port.name + ": its wire has no carrier");
            poll(nullptr, 0, 5);
            check_interrupted();
        }
    }
}

void LinuxRouter::collect(LinuxRun& run, Clock::time_point start) {
    FrameBytes frame;
    for (std::size_t port = 0; port < sockets_.size(); ++port) {
        while (sockets_[port]->receive(frame)) run.sent[port].push_back({Clock::now() - start, frame});
    }
}

void LinuxRouter::collect_until(LinuxRun& run, Clock::time_point start, Clock::time_point end) {
    std::vector<pollfd> waiting;
    for (const auto& socket : sockets_) waiting.push_back({socket->descriptor(), POLLIN, 0});
    for (;;) {
        collect(run, start);
        check_interrupted();
        const nanoseconds left = end - Clock::now();
        if (left <= nanoseconds(0)) return;
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
        const timespec timeout{seconds.count(), (left - seconds).count()};
        ppoll(waiting.data(), waiting.size(), &timeout, nullptr);
    }
}

Counters LinuxRouter::counters() const {
    const Inside router(router_);
    return read_kernel_counters();
}

/// Those due until then. A line takes the time a shell takes; frames that are due meanwhile come after it.
void LinuxRouter::run_timed_lines(LinuxRun& run, Clock::time_point start, nanoseconds until) {
    for (; next_timed_ < script_.timed.size() && script_.timed[next_timed_].at <= until; ++next_timed_) {
        const ScriptLine& line = script_.timed[next_timed_];
        collect_until(run, start, start + line.at);
        const Inside router(router_);
        run_line(script_, line);
    }
}

void LinuxRouter::inject(LinuxRun& run, const Injection& injection, Clock::time_point start) {
    collect_until(run, start, start + injection.at);
    run.latest = std::max<nanoseconds>(run.latest, Clock::now() - start - injection.at);
    if (!sockets_[injection.port]->send(*injection.frame)) ++run.refused;
}

LinuxRun LinuxRouter::run(const std::vector<Injection>& injections, nanoseconds drain) {
    wait_for_carrier();
    LinuxRun run;
    run.sent.resize(ports_.size());
    const OneProcessor pinned;
    const auto start = Clock::now();
    collect(run, start);
    for (auto& frames : run.sent) frames.clear();  // what configuration caused is no part of the run
    const Counters before = counters();
    if (programs_) programs_->begin(start);
    for (const Injection& injection : injections) {
        run_timed_lines(run, start, injection.at);
        inject(run, injection, start);
    }
    const auto last = injections.empty() ? start : start + injections.back().at;
    run_timed_lines(run, start, last - start + drain);
    collect_until(run, start, std::max(last + drain, Clock::now()));
    run.counters = counted_between(before, counters());
    programs_.reset();
    for (std::size_t port = 0; port < sockets_.size(); ++port) {
        if (sockets_[port]->lost() != 0) throw EnvironmentError(ports_[port].name + ": frames lost while capturing");
    }
    return run;
}

}  // namespace turnpike::diff
