// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/measuring_process.h"

#include <cpuid.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstring>
#include <new>

#include "bench/silicon/cycle_counter.h"
#include "bench/silicon/sandbox.h"
#include "bench/silicon/touched_pages.h"

namespace turnpike::silicon {
namespace {

constexpr long kLongestRunMicroseconds = 200'000;
constexpr u8 kAdd[] = {0x48, 0x01, 0xC8};  ///< ADD RAX, RCX: two registers, as no core does it without its ALUs

/// What the handler of signals works with.
struct Running {
    volatile bool block = false;  ///< a block runs
    volatile Failure failure = Failure::none;
    u64 address = 0;
    u64 leave = 0;
    TouchedPages pages;
};
Running* running;

Failure reason_of(int number, u64 exception, u64 error, u64 address) {
    constexpr u64 kPageFault = 14, kPresent = 1, kFetch = 16;
    switch (number) {
        case SIGILL:
            return Failure::illegal_instruction;
        case SIGFPE:
            return Failure::division;
        case SIGSYS:
            return Failure::system_call;
        case SIGALRM:
            return Failure::endless;
        case SIGSEGV:
            break;
        default:
            return Failure::trap;
    }
    if (exception != kPageFault) return Failure::protection;
    if ((error & kFetch) != 0) return Failure::jumps_away;
    if ((error & kPresent) == 0) return running->pages.touch(address);
    return address - kCode < kCodeBytes ? Failure::writes_code : Failure::no_such_page;
}

/// Puts a page where one is missing and goes on; anything else ends the block.
void on_signal(int number, siginfo_t* info, void* context) {
    greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    if (!running->block && number == SIGALRM) return;  // just too late
    // Twice: the block has spoilt the way out.
    if (!running->block || running->failure != Failure::none) _exit(128 + number);
    const u64 address = reinterpret_cast<u64>(info->si_addr);
    const Failure reason =
        reason_of(number, static_cast<u64>(registers[REG_TRAPNO]), static_cast<u64>(registers[REG_ERR]), address);
    if (reason == Failure::none) return;
    running->failure = reason;
    running->address = number == SIGSEGV ? address : static_cast<u64>(registers[REG_RIP]);
    constexpr greg_t kFlags = 0x202;  // no trap, no alignment check, upwards
    registers[REG_EFL] = kFlags;
    registers[REG_RIP] = static_cast<greg_t>(kCode) + static_cast<greg_t>(running->leave);
}

void catch_signals() {
    constexpr std::size_t kStackBytes = 1 << 16;
    static u8 alternate[kStackBytes];
    stack_t stack{};
    stack.ss_sp = alternate;
    stack.ss_size = sizeof alternate;
    sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGALRM}) {
        sigaction(number, &action, nullptr);
    }
}

/// Pages that can be run and not written, and the same ones where they can be written.
u8* map_code(u64 base) {
    const int file = memfd_create("code", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, kCodeBytes) != 0) _exit(static_cast<int>(SetupError::memory));
    void* const code =
        mmap(at_address(base), kCodeBytes, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED_NOREPLACE, file, 0);
    void* const writable = mmap(nullptr, kCodeBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (code != at_address(base) || writable == MAP_FAILED) _exit(static_cast<int>(SetupError::memory));
    close(file);
    return static_cast<u8*>(writable);
}

void put_chain(u64 base, const Clock& clock, u64 additions) {
    const Program chain = make_program(base, clock, kAdd, additions);
    std::memcpy(map_code(base), chain.bytes.data(), chain.bytes.size());
}

void set_timer(long microseconds) {
    const itimerval timer{{0, 0}, {0, microseconds}};
    setitimer(ITIMER_REAL, &timer, nullptr);
}

/// Code was written through other addresses than it runs at: a serialising instruction must come between (SDM volume
/// 3, 9.1.3).
void serialise() {
    unsigned a, b, c, d;
    __cpuid(0, a, b, c, d);
}

class Server {
  public:
    Server(Shared& shared, const Setup& setup) : shared_(shared), counter_(setup.want_counter) {
        shared_.clock = counter_.report();
        Clock clock;
        if (shared_.clock.counter) clock.counter = shared_.clock.number;
        code_ = map_code(kCode);
        put_chain(kShortChain, clock, kChainAdditions);
        put_chain(kLongChain, clock, 3 * kChainAdditions);
        void* const control = at_address(kControl);
        if (mmap(control, kPageBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
                 0) != control) {
            _exit(static_cast<int>(SetupError::memory));
        }
    }

    void answer() {
        running_.pages.clear(shared_.job.most_pages);
        running_.failure = Failure::none;
        running_.leave = shared_.job.leave;
        measure();
        if (running_.failure == Failure::none && !counter_.alive()) running_.failure = Failure::counter_lost;
        shared_.answer.failure = running_.failure;
        shared_.answer.address = running_.address;
        shared_.answer.pages = running_.pages.count();
    }

    Running& state() { return running_; }

  private:
    void measure() {
        const Job& job = shared_.job;
        std::memcpy(code_, job.program.data(), job.bytes);
        std::memcpy(covered_.data(), code_ + job.shorter_end, covered_.size());
        set_timer(kLongestRunMicroseconds);
        serialise();
        run_block();
        set_timer(0);
        for (unsigned pass = 0; pass < job.passes; ++pass) {
            Ticks& ticks = shared_.answer.passes[pass];
            take(ticks.longer, ticks.longer_chain, ticks.shorter_chain, 0);
            std::memcpy(code_ + job.shorter_end, job.way_out.data(), job.way_out.size());
            // Half of the chain's samples beside the longer run, half beside the shorter one.
            take(ticks.shorter, ticks.longer_chain, ticks.shorter_chain, job.samples / 2);
            std::memcpy(code_ + job.shorter_end, covered_.data(), covered_.size());
        }
    }

    using Samples = std::array<u64, kMostSamples>;

    void take(Samples& block, Samples& longer_chain, Samples& shorter_chain, unsigned chain_from) {
        serialise();
        for (unsigned n = 0; n < kWarmingRuns; ++n) run_block();
        const unsigned samples = shared_.job.samples;
        for (unsigned n = 0; n < samples; ++n) {
            if (n < samples / 2) {
                shorter_chain[chain_from + n] = run(kShortChain);
                longer_chain[chain_from + n] = run(kLongChain);
            }
            block[n] = run_block();
        }
    }

    u64 run_block() {
        if (running_.failure != Failure::none) return 0;
        running_.pages.restore();
        running_.block = true;
        const u64 ticks = run(kCode);
        running_.block = false;
        return ticks;
    }

    u64 run(u64 program) const {
        at_address<void()>(program)();
        const auto at = [](u64 address) { return *at_address<const volatile u64>(address); };
        return (at(kEnd) - at(kBegin)) & shared_.clock.mask;
    }

    static constexpr unsigned kWarmingRuns = 2;
    Shared& shared_;
    CycleCounter counter_;
    u8* code_ = nullptr;
    Jump covered_{};
    Running running_;
};

void stay_on(unsigned cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

void serve(Shared& shared, const Setup& setup) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (setup.cpu) stay_on(*setup.cpu);
    static Server server(shared, setup);
    running = &server.state();
    catch_signals();
    if (!close_in()) _exit(static_cast<int>(SetupError::sandbox));
    u8 word = 0;
    while (write(setup.answers, &word, 1) == 1 && read(setup.requests, &word, 1) == 1) server.answer();
    _exit(0);
}

}  // namespace turnpike::silicon
