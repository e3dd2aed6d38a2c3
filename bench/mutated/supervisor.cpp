// SPDX-License-Identifier: Apache-2.0
#include "bench/mutated/supervisor.h"

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <ctime>
#include <thread>

namespace turnpike::mutated {

namespace {

constexpr double kHangSeconds = 600;  ///< of processor time for one simulation

struct Worker {
    pid_t process = 0;  ///< 0: idle
    Plan plan;
    Verdict* verdict = nullptr;
};

void say(Verdict& verdict, const std::string& text) {
    std::snprintf(verdict.complaint, sizeof verdict.complaint, "%s", text.c_str());
}

void start(Worker& worker, const std::vector<Router>& routers) {
    *worker.verdict = {};
    worker.process = fork();
    if (worker.process != 0) return;
    try {
        simulate(routers, worker.plan, *worker.verdict);
    } catch (const std::exception& error) {
        say(*worker.verdict, error.what());
    }
    _exit(0);
}

/// Processor time, so that a busy machine makes nothing hang.
double spent_by(pid_t process) {
    clockid_t clock{};
    timespec time{};
    if (clock_getcpuclockid(process, &clock) != 0 || clock_gettime(clock, &time) != 0) return 0;
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// True: it has ended.
bool look(Worker& worker) {
    int status = 0;
    if (waitpid(worker.process, &status, WNOHANG) != worker.process) {
        if (spent_by(worker.process) < kHangSeconds) return false;
        kill(worker.process, SIGKILL);
        waitpid(worker.process, &status, 0);
        say(*worker.verdict, "hangs");
    } else if (WIFSIGNALED(status)) {
        say(*worker.verdict, fmt::format("the simulator died by signal {}", WTERMSIG(status)));
    } else if (WEXITSTATUS(status) != 0) {
        say(*worker.verdict, fmt::format("the simulator ended with status {}", WEXITSTATUS(status)));
    }
    worker.process = 0;
    return true;
}

}  // namespace

void supervise(const std::vector<Router>& routers, std::uint64_t first, std::uint64_t last, unsigned jobs,
               const std::function<Plan(std::uint64_t)>& make,
               const std::function<void(const Plan&, const Verdict&)>& ended) {
    std::vector<Worker> workers(jobs);
    for (Worker& worker : workers)
        worker.verdict = static_cast<Verdict*>(
            mmap(nullptr, sizeof(Verdict), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    for (std::uint64_t running = 0; first < last || running > 0;) {
        for (Worker& worker : workers) {
            if (worker.process == 0 && first < last) {
                worker.plan = make(first++);
                start(worker, routers);
                ++running;
            } else if (worker.process != 0 && look(worker)) {
                --running;
                ended(worker.plan, *worker.verdict);
            }
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (Worker& worker : workers) munmap(worker.verdict, sizeof(Verdict));
}

}  // namespace turnpike::mutated
