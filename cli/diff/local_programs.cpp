// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/local_programs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <net/if.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "cli/diff/process.h"
#include "sw/user/programs.h"

namespace turnpike::diff {

namespace rc = regs::config;

/// What parent and children have in common.
struct LocalPrograms::Shared {
    std::atomic<std::int64_t> zero_ns;  ///< of the monotonic clock; 0: not yet known
    std::atomic<unsigned> ready;        ///< children that have done what comes before zero
};

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr auto kStartTimeout = std::chrono::seconds(10);
constexpr useconds_t kLook = 200;  ///< us between two looks at what is shared

// Of a child.
std::atomic<std::int64_t>* g_zero = nullptr;
std::atomic<unsigned>* g_ready = nullptr;

void tell_ready() {
    if (g_ready != nullptr) g_ready->fetch_add(1);
    g_ready = nullptr;
}

std::int64_t clock_ns() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * kSecond + now.tv_nsec;
}

/// Time since zero; 0 before it.
std::int64_t now_ns() {
    const std::int64_t zero = g_zero->load();
    return zero == 0 ? 0 : std::max<std::int64_t>(0, clock_ns() - zero);
}

std::int64_t wait_for_zero() {
    tell_ready();
    while (g_zero->load() == 0) usleep(kLook);
    return g_zero->load();
}

timespec to_timespec(std::int64_t ns) { return {ns / kSecond, ns % kSecond}; }

void sleep_for(std::int64_t ns) {
    const timespec until = to_timespec(wait_for_zero() + now_ns() + ns);
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

/// A service is there before the first frame; whoever sends or joins does so from zero on.
bool begins_before_zero(const rc::LocalTask& task) {
    return (task.program == rc::LOCAL_ECHO || task.program == rc::LOCAL_DISCARD) && task.group == 0;
}

rc::LocalTask task_of(const config::Command& command, const std::vector<std::string>& ports) {
    rc::LocalTask task;
    std::memcpy(&task, command.messages.at(0).bytes.data(), sizeof task);
    if (task.ifindex != 0) task.ifindex = if_nametoindex(ports.at(task.ifindex - 2).c_str());
    return task;
}

/// What they write is Turnpike's console's.
void silence() {
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
}

}  // namespace

LocalPrograms::LocalPrograms(const std::vector<config::Command>& tasks, const std::vector<std::string>& ports) {
    void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw EnvironmentError(fmt::format("mmap: {}", std::strerror(errno)));
    shared_ = new (memory) Shared{};
    for (const config::Command& task : tasks) start(task, ports);
    wait_until_ready();
}

LocalPrograms::~LocalPrograms() {
    for (const pid_t child : children_) {
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
    }
    munmap(shared_, sizeof(Shared));
}

void LocalPrograms::start(const config::Command& command, const std::vector<std::string>& ports) {
    const rc::LocalTask task = task_of(command, ports);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child < 0) throw EnvironmentError(fmt::format("fork: {}", std::strerror(errno)));
    if (child > 0) return children_.push_back(child);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
    silence();
    g_zero = &shared_->zero_ns;
    g_ready = &shared_->ready;
    if (!begins_before_zero(task)) wait_for_zero();
    fw::user::local_program(&task);
}

void LocalPrograms::wait_until_ready() {
    const auto deadline = std::chrono::steady_clock::now() + kStartTimeout;
    while (shared_->ready.load() < children_.size()) {
        check_interrupted();
        if (std::chrono::steady_clock::now() > deadline) throw EnvironmentError("a [[local]] program does not begin");
        usleep(kLook);
    }
}

void LocalPrograms::begin(std::chrono::steady_clock::time_point zero) {
    shared_->zero_ns = std::chrono::nanoseconds(zero.time_since_epoch()).count();
}

}  // namespace turnpike::diff

namespace fw::user {

namespace diff = turnpike::diff;

/// The kernel's own, but that time counts from zero.
i64 syscall(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
    switch (number) {
        case nr::exit:
            diff::tell_ready();
            _exit(static_cast<int>(a));
        case nr::clock_gettime: {
            const timespec now = diff::to_timespec(diff::now_ns());
            *reinterpret_cast<kernel_timespec*>(b) = {now.tv_sec, now.tv_nsec};
            return 0;
        }
        case nr::nanosleep: {
            const auto* time = reinterpret_cast<const kernel_timespec*>(a);
            diff::sleep_for(time->tv_sec * diff::kSecond + time->tv_nsec);
            return 0;
        }
        case nr::poll:
        case nr::accept:
        case nr::recvfrom:
            diff::tell_ready();
            break;
        default:
            break;
    }
    const long result = ::syscall(static_cast<long>(number), a, b, c, d, e, f);
    return result < 0 ? -errno : result;
}

}  // namespace fw::user
