// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/host_process.h"

#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <stdexcept>

#include "tests/cpu/host/instruction_facts.h"

extern "C" {
void turnpike_host_run();
void turnpike_host_done();
void turnpike_host_leave();
}

namespace turnpike::host {
namespace {

constexpr u64 kFsGsBaseInUserMode = 2;  // AT_HWCAP2, bit 1
constexpr int kPollMilliseconds = 100;
constexpr time_t kPatience = 20;  ///< seconds of the child's processor, for samples that take microseconds
constexpr u64 kDebug = 1, kPageFault = 14;

template <class T>
T& control(unsigned offset) {
    return *reinterpret_cast<T*>(kControl + offset);
}

/// What the handler found; plain memory, since thread-local storage is out of reach with the sample's FS base.
struct Signal {
    volatile bool seen;
    u64 exception;
    u64 error_code;
    u64 rip;
    u64 cr2;
};
Signal last_signal;

/// Where a debug exception other than a single-step came. KVM on AMD's processors puts INT1's back without moving RIP
/// over the instruction.
u64 behind_int1(u64 rip) {
    constexpr u8 kInt1 = 0xF1;
    constexpr std::size_t kLongestInstruction = 15;
    const u8* const bytes = reinterpret_cast<const u8*>(rip);
    const std::size_t prefixes = count_prefixes(bytes, kLongestInstruction);
    return prefixes < kLongestInstruction && bytes[prefixes] == kInt1 ? rip + prefixes + 1 : rip;
}

void on_signal(int, siginfo_t* info, void* context) {
    static constexpr int kOrder[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                       REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
    greg_t* const registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
    for (unsigned n = 0; n < 16; ++n) {
        control<u64>(HOST_OUT_REGISTERS + 8 * n) = static_cast<u64>(registers[kOrder[n]]);
    }
    control<u64>(HOST_OUT_FLAGS) = static_cast<u64>(registers[REG_EFL]);
    last_signal.exception = static_cast<u64>(registers[REG_TRAPNO]);
    last_signal.error_code = static_cast<u64>(registers[REG_ERR]);
    last_signal.rip = static_cast<u64>(registers[REG_RIP]);
    if (last_signal.exception == kDebug && info->si_code != TRAP_TRACE) last_signal.rip = behind_int1(last_signal.rip);
    last_signal.cr2 = last_signal.exception == kPageFault ? static_cast<u64>(registers[REG_CR2]) : 0;
    last_signal.seen = true;
    registers[REG_EFL] = kFlagsAlways;  // a sample's single-stepping ends here
    registers[REG_RIP] = reinterpret_cast<greg_t>(&turnpike_host_leave);
}

void map_at(u64 address, u64 bytes, int protection, int sharing = MAP_PRIVATE) {
    void* const at = reinterpret_cast<void*>(address);
    if (mmap(at, bytes, protection, sharing | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != at) _exit(3);
    std::memset(at, 0, bytes);
}

/// The data once more at `address`.
void map_data_again(u64 address, u8 rights) {
    if (rights == kNone) return;
    void* const at = reinterpret_cast<void*>(address);
    if (mremap(reinterpret_cast<void*>(kData), 0, kPage, MREMAP_MAYMOVE | MREMAP_FIXED, at) != at) _exit(3);
    const int protection =
        PROT_READ | ((rights & kWrite) != 0 ? PROT_WRITE : 0) | ((rights & kExecute) != 0 ? PROT_EXEC : 0);
    if (mprotect(at, kPage, protection) != 0) _exit(3);
    // Present from now on: a fault tells of rights only where the page is there.
    static_cast<void>(*reinterpret_cast<volatile u8*>(address));
}

void map_memory() {
    map_at(kControl, kPage, PROT_READ | PROT_WRITE);
    // A page of slack around code, data and stack: what strays a little is not a fault on the modelled core either.
    map_at(kCode - kPage, HOST_CODE_BYTES + 2 * kPage, PROT_READ | PROT_WRITE | PROT_EXEC);
    map_at(kData - kPage, kPage, PROT_READ | PROT_WRITE);
    map_at(kData, kDataBytes, PROT_READ | PROT_WRITE, MAP_SHARED);
    map_at(kData + kDataBytes, kPage, PROT_READ | PROT_WRITE);
    map_at(kStack - kPage, kStackBytes + 2 * kPage, PROT_READ | PROT_WRITE);
    for (unsigned n = 0; n < std::size(kGuardPages); ++n) map_data_again(guard_page(n), kGuardPages[n]);
}

void catch_signals() {
    static std::array<u8, 1 << 16> alternate;
    stack_t stack{};
    stack.ss_sp = alternate.data();
    stack.ss_size = alternate.size();
    sigaltstack(&stack, nullptr);
    struct sigaction action {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP}) sigaction(number, &action, nullptr);
}

void check(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("host process: ") + what + ": " + std::strerror(errno));
}

/// Of the process: a busy machine may let it wait as long as it likes.
time_t processor_seconds(pid_t process) {
    clockid_t clock = 0;
    timespec used{};
    check(clock_getcpuclockid(process, &clock) == 0 && clock_gettime(clock, &used) == 0, "clock");
    return used.tv_sec;
}

}  // namespace

struct HostProcess::Shared {
    struct Request {
        std::array<u64, 16> registers;
        u64 flags;
        u64 at;
        u32 memory_offset;
        u32 code_bytes;
        std::array<u8, Sample::kMaxCode> code;
    };
    u64 count;
    volatile u64 current;  ///< the sample that runs
    std::array<Request, kBatch> requests;
    std::array<Outcome, kBatch> outcomes;
};

std::string HostProcess::unavailable() {
    if ((getauxval(AT_HWCAP2) & kFsGsBaseInUserMode) == 0) return "no RDFSBASE in user mode";
    return {};
}

HostProcess::HostProcess(const std::vector<u8>& pool) : pool_(pool) {
    void* const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    check(memory != MAP_FAILED, "shared memory");
    shared_ = static_cast<Shared*>(memory);
    check(pipe(to_child_) == 0 && pipe(from_child_) == 0, "pipe");
    child_ = fork();
    check(child_ >= 0, "fork");
    if (child_ == 0) serve();
    close(to_child_[0]);
    close(from_child_[1]);
}

HostProcess::~HostProcess() {
    close(to_child_[1]);
    close(from_child_[0]);
    kill(child_, SIGKILL);
    waitpid(child_, nullptr, 0);
    munmap(shared_, sizeof(Shared));
}

void HostProcess::serve() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    map_memory();
    catch_signals();
    control<u64>(HOST_EXIT) = reinterpret_cast<u64>(&turnpike_host_done);
    control<u64>(HOST_FS_BASE) = kFsBase;
    control<u64>(HOST_GS_BASE) = kGsBase;
    // From here on: read, write, exit and return from a signal, and nothing else.
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(4);
    u8 word = 0;
    while (read(to_child_[0], &word, 1) == 1) {
        for (u64 n = 0; n < shared_->count; ++n) {
            const Shared::Request& request = shared_->requests[n];
            shared_->current = n;
            Outcome& outcome = shared_->outcomes[n];
            std::memcpy(reinterpret_cast<void*>(kData), pool_.data() + request.memory_offset, kDataBytes);
            std::memcpy(reinterpret_cast<void*>(kStack), pool_.data() + request.memory_offset + kDataBytes,
                        kStackBytes);
            std::memcpy(reinterpret_cast<void*>(kJumpInData), kJumpToEntry.data(), kJumpToEntry.size());
            std::memcpy(reinterpret_cast<void*>(request.at), request.code.data(), request.code_bytes);
            std::memcpy(reinterpret_cast<void*>(request.at + request.code_bytes), kJumpToExit.data(),
                        kJumpToExit.size());
            std::memcpy(reinterpret_cast<void*>(kControl + HOST_IN_REGISTERS), request.registers.data(), 128);
            control<u64>(HOST_IN_FLAGS) = request.flags;
            control<u64>(HOST_ENTRY) = request.at;
            last_signal.seen = false;
            turnpike_host_run();
            outcome.exception = last_signal.seen ? last_signal.exception : kNoException;
            outcome.error_code = last_signal.seen ? last_signal.error_code : 0;
            outcome.rip = last_signal.seen ? last_signal.rip : 0;
            outcome.cr2 = last_signal.seen ? last_signal.cr2 : 0;
            std::memcpy(outcome.registers.data(), reinterpret_cast<void*>(kControl + HOST_OUT_REGISTERS), 128);
            outcome.flags = control<u64>(HOST_OUT_FLAGS) & kComparedFlags;
            // What strays into the code of samples before finds nothing, as on the modelled core.
            std::memset(reinterpret_cast<void*>(request.at), 0, request.code_bytes + kJumpToExit.size());
            std::memcpy(outcome.memory.data(), reinterpret_cast<void*>(kData), kDataBytes);
            std::memcpy(outcome.memory.data() + kDataBytes, reinterpret_cast<void*>(kStack), kStackBytes);
        }
        if (write(from_child_[1], &word, 1) != 1) break;
    }
    syscall(SYS_exit, 0);
    __builtin_unreachable();
}

void HostProcess::run(std::span<const Sample> samples, std::span<Outcome> outcomes) {
    shared_->count = samples.size();
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const Sample& sample = samples[n];
        Shared::Request& request = shared_->requests[n];
        request.registers = sample.registers;
        request.flags = sample.flags;
        request.at = sample.at;
        request.memory_offset = sample.memory_offset;
        request.code_bytes = static_cast<u32>(sample.code.size());
        std::memcpy(request.code.data(), sample.code.data(), sample.code.size());
    }
    u8 word = 1;
    check(write(to_child_[1], &word, 1) == 1, "write");
    pollfd waiting{from_child_[0], POLLIN, 0};
    const auto fail = [&](const char* what) {
        throw std::runtime_error(std::string("host process: ") + what + "\n" +
                                 disassembly(samples[shared_->current], 0));
    };
    const time_t begun = processor_seconds(child_);
    while (poll(&waiting, 1, kPollMilliseconds) == 0) {
        if (processor_seconds(child_) - begun > kPatience) fail("the child does not come back from");
    }
    if (read(from_child_[0], &word, 1) != 1) fail("the child has died in");
    std::copy_n(shared_->outcomes.begin(), samples.size(), outcomes.begin());
}

Outcome HostProcess::run(const Sample& sample) {
    Outcome outcome;
    run({&sample, 1}, {&outcome, 1});
    return outcome;
}

}  // namespace turnpike::host
