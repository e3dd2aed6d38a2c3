// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/block_process.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "bench/silicon/block_facts.h"
#include "bench/silicon/measuring_process.h"

namespace turnpike::silicon {
namespace {

constexpr int kLongestJobMilliseconds = 20'000;

void check(bool good, const char* what) {
    if (!good) throw std::runtime_error(fmt::format("measuring process: {}: {}", what, std::strerror(errno)));
}

/// Pages that L1D holds, as the system says; 32 KiB where it does not.
unsigned pages_of_l1() {
    const long bytes = sysconf(_SC_LEVEL1_DCACHE_SIZE);
    return static_cast<unsigned>((bytes > 0 ? static_cast<u64>(bytes) : 32768) / kPageBytes);
}

std::string text_of(const Answer& answer, unsigned most_pages) {
    switch (answer.failure) {
        case Failure::none:
            return {};
        case Failure::illegal_instruction:
            return fmt::format("illegal instruction at {:#x}", answer.address);
        case Failure::division:
            return fmt::format("division error at {:#x}", answer.address);
        case Failure::protection:
            return "an address that is not canonical or a privileged instruction";
        case Failure::no_such_page:
            return fmt::format("touches {:#x} where no page can be", answer.address);
        case Failure::jumps_away:
            return fmt::format("jumps to {:#x}", answer.address);
        case Failure::writes_code:
            return "writes into its own code";
        case Failure::too_many_pages:
            return fmt::format("touches more than {} pages", most_pages);
        case Failure::system_call:
            return "calls the system";
        case Failure::trap:
            return fmt::format("debug or alignment trap at {:#x}", answer.address);
        case Failure::endless:
            return "does not come to its end";
        case Failure::counter_lost:
            break;
    }
    return "the performance counter was taken away";
}

template <typename Array>
std::vector<u64> first(const Array& array, unsigned count) {
    return {array.begin(), array.begin() + count};
}

std::vector<Pass> passes_of(const Answer& answer, const Measuring& measuring) {
    std::vector<Pass> passes;
    for (unsigned n = 0; n < measuring.passes; ++n) {
        const Ticks& ticks = answer.passes[n];
        passes.push_back({first(ticks.shorter, measuring.samples), first(ticks.longer, measuring.samples),
                          first(ticks.shorter_chain, measuring.samples), first(ticks.longer_chain, measuring.samples)});
    }
    return passes;
}

}  // namespace

BlockProcess::BlockProcess(const Measuring& measuring) : measuring_(measuring), most_pages_(pages_of_l1()) {
    measuring_.passes = std::clamp(measuring_.passes, 1U, kMostPasses);
    measuring_.samples = std::clamp(measuring_.samples / 2 * 2, 2U, kMostSamples);
    void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(memory != MAP_FAILED, "shared memory");
    shared_ = static_cast<Shared*>(memory);
    start();
}

BlockProcess::~BlockProcess() {
    stop();
    munmap(shared_, sizeof(Shared));
}

void BlockProcess::start() {
    int requests[2], answers[2];
    check(pipe(requests) == 0 && pipe(answers) == 0, "pipe");
    process_ = fork();
    check(process_ >= 0, "fork");
    if (process_ == 0) {
        close(requests[1]);
        close(answers[0]);
        serve(*shared_, {requests[0], answers[1], measuring_.want_counter, measuring_.cpu});
    }
    close(requests[0]);
    close(answers[1]);
    requests_ = requests[1];
    answers_ = answers[0];
    if (answered()) return;
    int status = 0;
    waitpid(process_, &status, 0);
    const int why = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    throw std::runtime_error(fmt::format("measuring process: {}",
                                         why == static_cast<int>(SetupError::memory)    ? "its addresses are taken"
                                         : why == static_cast<int>(SetupError::sandbox) ? "the system refuses seccomp"
                                                                                        : "it died at once"));
}

void BlockProcess::stop() {
    close(requests_);
    close(answers_);
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

bool BlockProcess::answered() {
    pollfd waiting{answers_, POLLIN, 0};
    u8 word = 0;
    return poll(&waiting, 1, kLongestJobMilliseconds) == 1 && read(answers_, &word, 1) == 1;
}

std::string BlockProcess::run_job() {
    const u8 word = 1;
    if (write(requests_, &word, 1) == 1 && answered()) return text_of(shared_->answer, most_pages_);
    stop();
    start();
    return "ended the measuring process";
}

Measured BlockProcess::measure(std::span<const u8> block) {
    const BlockFacts facts = facts_of(block);
    Measured measured{std::nullopt, 0, facts.instructions, facts.tags, facts.refusal};
    if (!measured.failure.empty()) return measured;
    const u64 copies = copies_of(facts.instructions, block.size());
    if (kBlockOffset + 3 * copies * block.size() + sizeof(Jump) > kCodeBytes) {
        measured.failure = "longer than the code's pages";
        return measured;
    }
    Clock clock;
    if (shared_->clock.counter) clock.counter = shared_->clock.number;
    const Program program = make_program(kCode, clock, block, 3 * copies);
    Job& job = shared_->job;
    job.bytes = static_cast<u32>(program.bytes.size());
    std::copy(program.bytes.begin(), program.bytes.end(), job.program.begin());
    job.leave = program.leave;
    job.shorter_end = kBlockOffset + copies * block.size();
    job.way_out = way_out_from(clock, job.shorter_end);
    job.passes = measuring_.passes;
    job.samples = measuring_.samples;
    job.most_pages = most_pages_;
    measured.failure = run_job();
    measured.pages = shared_->answer.pages;
    if (!measured.failure.empty()) return measured;
    measured.figure = figure_of(passes_of(shared_->answer, measuring_), 2 * copies, 2 * kChainAdditions);
    if (!measured.figure) measured.failure = "no time could be told";
    return measured;
}

std::string BlockProcess::clock() const {
    if (shared_->clock.counter) return "the performance counter of core cycles";
    const int error = shared_->clock.error;
    return fmt::format("the time-stamp counter ({})",
                       error == 0 ? "as asked" : fmt::format("no performance counter: {}", std::strerror(error)));
}

}  // namespace turnpike::silicon
