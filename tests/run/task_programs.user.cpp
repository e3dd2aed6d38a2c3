// SPDX-License-Identifier: Apache-2.0
// Programs for the modelled core: what a program may do, and all that it may not.
#include "tests/run/task_programs.h"
#include "sw/user/unistd.h"

namespace fw::test {
namespace {

using namespace user;

u64 length(const char* text) {
    u64 n = 0;
    while (text[n]) ++n;
    return n;
}

void say(const char* text) { write(1, text, length(text)); }

void say(u64 number) {
    char digits[20];
    unsigned n = sizeof digits;
    do {
        digits[--n] = static_cast<char>('0' + number % 10);
        number /= 10;
    } while (number);
    write(1, digits + n, sizeof digits - n);
}

u64 now_ns() {
    kernel_timespec now = {};
    clock_gettime(clock_id::monotonic, now);
    return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

/// Registers that a system call keeps, and one that an interrupt keeps, hold their values; so does the stack.
void sleeper(const void* argument) {
    u64 words[64];
    for (u64 n = 0; n < 64; ++n) words[n] = n * n;
    const u64 begin = now_ns();
    nanosleep({0, 250'000'000});
    const u64 slept = now_ns() - begin;
    u64 sum = 0;
    for (const u64 word : words) sum += word;
    say("sleeper: argument ");
    say(*static_cast<const u64*>(argument));
    say(", sum ");
    say(sum);
    say(slept >= 250'000'000 && slept < 250'100'000 ? ", slept\n" : ", slept wrongly\n");
    exit(0);
}

/// 10 ms of work; two at once take turns.
void worker(const void*) {
    const u64 begin = now_ns();
    u64 work = 0;
    while (now_ns() - begin < 10'000'000) {
        for (u64 n = 0; n < 1000; ++n) asm volatile("incq %0" : "+r"(work));
    }
    say("worker: done\n");
    exit(0);
}

void spinner(const void*) {
    for (;;) asm volatile("pause");
}

/// For whole milliseconds no system call; the sum must come out right although interrupts come in between.
void counter(const void*) {
    u64 a = 1, b = 2, c = 3;
    for (u64 n = 0; n < 3'000'000; ++n) {
        asm volatile("addq $1, %0\n\taddq %0, %1\n\txorq %1, %2" : "+r"(a), "+r"(b), "+r"(c));
    }
    u64 x = 1, y = 2, z = 3;
    for (u64 n = 0; n < 3'000'000; ++n) {
        x += 1;
        y += x;
        z ^= y;
    }
    say(a == x && b == y && c == z ? "counter: right\n" : "counter: wrong\n");
    exit(0);
}

void load(u64 address) { asm volatile("movl (%0), %%eax" ::"r"(address) : "eax", "memory"); }
void store(u64 address) { asm volatile("movb $1, (%0)" ::"r"(address) : "memory"); }

void reads_kernel(const void*) { load(0x200000); }
void writes_code(const void*) { store(reinterpret_cast<u64>(&writes_code)); }
void reads_device(const void*) { load(0xD0020000); }
void null_pointer(const void*) { store(16); }
void stops_interrupts(const void*) { asm volatile("cli"); }
void halts(const void*) { asm volatile("hlt"); }
void bad_opcode(const void*) { asm volatile("ud2"); }
void divides_by_zero(const void*) { asm volatile("xorl %%ecx, %%ecx\n\tdivl %%ecx" ::: "eax", "ecx", "edx"); }
void runs_its_stack(const void*) {
    volatile u8 code[16] = {0xC3};
    reinterpret_cast<void (*)()>(const_cast<u8*>(code))();
}
void calls_kernel(const void*) { reinterpret_cast<void (*)()>(0x180000)(); }
void returns(const void*) {}
void overflows(const void* argument) {
    volatile u8 frame[4096];
    frame[0] = 1;
    if (frame[0]) overflows(argument);
    frame[1] = frame[0];
}
void spoils_segments(const void*) {
    // The kernel's GS must come through; then a fault with a stack pointer that is nobody's.
    asm volatile("movl %0, %%gs\n\tmovl %0, %%fs\n\tmovl %0, %%ds" ::"r"(0));
    say("spoils_segments: still here\n");
    asm volatile("movabsq $0xFFFF800000000000, %rsp\n\tpushq $1");
}
/// The nested-task flag would make the kernel's IRETQ fault, the trap flag its first instruction.
void spoils_flags(const void*) {
    asm volatile("pushfq\n\torq $0x44000, (%rsp)\n\tpopfq");
    sched_yield();
    say("spoils_flags: still here\n");
    asm volatile("pushfq\n\torq $0x100, (%rsp)\n\tpopfq");
    sched_yield();
}
void bad_pointers(const void*) {
    const bool refused =
        write(1, reinterpret_cast<void*>(0x200000), 4) == -14 &&
        write(1, reinterpret_cast<void*>(0x7FFFFFFFEFFF), 2) == -14 &&
        syscall(nr::clock_gettime, 1, address_of(reinterpret_cast<const void*>(&bad_pointers))) == -14 &&
        syscall(nr::clock_gettime, 1, 0xD0020000) == -14;
    say(refused ? "bad_pointers: refused\n" : "bad_pointers: taken\n");
    exit(0);
}

}  // namespace

const Program kPrograms[kProgramCount] = {
    {"sleeper", sleeper},
    {"worker", worker},
    {"spinner", spinner},
    {"counter", counter},
    {"reads_kernel", reads_kernel},
    {"writes_code", writes_code},
    {"reads_device", reads_device},
    {"null_pointer", null_pointer},
    {"stops_interrupts", stops_interrupts},
    {"halts", halts},
    {"bad_opcode", bad_opcode},
    {"divides_by_zero", divides_by_zero},
    {"runs_its_stack", runs_its_stack},
    {"calls_kernel", calls_kernel},
    {"returns", returns},
    {"overflows", overflows},
    {"spoils_segments", spoils_segments},
    {"spoils_flags", spoils_flags},
    {"bad_pointers", bad_pointers},
};

}  // namespace fw::test
