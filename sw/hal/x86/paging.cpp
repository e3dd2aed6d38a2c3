// SPDX-License-Identifier: Apache-2.0
// Four levels, Intel SDM volume 3, 4.5.
#include "sw/hal/x86/paging.h"

#include "regs/address_map.h"
#include "sw/hal/task.h"

extern "C" const fw::u8 user_text_start[], user_text_end[];  // sw/app/firmware.ld

namespace fw::hal {
namespace {

constexpr u64 kPageBytes = 4096;
constexpr unsigned kEntries = 512;
constexpr u64 kPresent = 1, kWritable = 2, kUser = 4, kUncached = 8 | 16, kLarge = 0x80, kGlobal = 0x100;
constexpr u64 kNoExecute = u64{1} << 63;
constexpr unsigned kLargeBits = 21, kHugeBits = 30;

/// Below the last page, which stays empty as in Linux (TASK_SIZE_MAX).
constexpr u64 kStackTop = 0x7FFF'FFFF'F000;
constexpr u64 kStackPages = 32;  // Linux lets a stack grow to 8 MiB; programs here are small
constexpr u64 kStackBytes = kStackPages * kPageBytes;
constexpr unsigned kStackRoot = kStackTop >> 39;    // its entry in the top level
constexpr u64 kBigDevices = regs::map::DRAM_BYTES;  // memory ends here: what lies above is devices

struct alignas(kPageBytes) Table {
    u64 entry[kEntries];
};
struct AddressSpace {
    Table top, stack_1g, stack_2m, stack_4k;
    alignas(kPageBytes) u8 stack[kStackBytes];
};

Table kernel_1g, kernel_2m, kernel_4k;
AddressSpace spaces[kMaxTasks];

u64 address_of(const void* object) { return reinterpret_cast<u64>(object); }
u64 link(const Table& table) { return address_of(&table) | kPresent | kWritable | kUser; }

/// The first 512 GiB, where everything is: huge pages, but for the 2 MiB in which the programs' code lies.
void map_kernel() {
    for (u64 n = 0; n < kEntries; ++n) {
        const u64 at = n << kHugeBits;
        kernel_1g.entry[n] = at | kPresent | kWritable | kLarge | kGlobal | (at >= kBigDevices ? kUncached : 0);
        kernel_2m.entry[n] = n << kLargeBits | kPresent | kWritable | kLarge | kGlobal;
    }
    kernel_1g.entry[0] = link(kernel_2m);
    const u64 text = address_of(user_text_start), end = address_of(user_text_end);
    const u64 first = text >> kLargeBits << kLargeBits;
    for (u64 n = 0; n < kEntries; ++n) {
        const u64 at = first + n * kPageBytes;
        kernel_4k.entry[n] = at | kPresent | kGlobal | (at >= text && at < end ? kUser : kWritable);
    }
    kernel_2m.entry[text >> kLargeBits] = link(kernel_4k);
}

void write_cr3(u64 value) { asm volatile("movq %0, %%cr3" ::"r"(value) : "memory"); }

/// No-execute pages (IA32_EFER.NXE is set in trap_init) and global ones.
void enable_global_pages() {
    constexpr u64 kPge = 1U << 7;  // Intel SDM volume 3, 2.5
    u64 cr4;
    asm volatile("movq %%cr4, %0" : "=r"(cr4));
    asm volatile("movq %0, %%cr4" ::"r"(cr4 | kPge) : "memory");
}

}  // namespace

void make_address_space(unsigned slot) {
    if (!kernel_1g.entry[0]) map_kernel();
    AddressSpace& space = spaces[slot];
    // The next task does not see what the last one left.
    if (space.top.entry[0]) __builtin_memset(space.stack, 0, kStackBytes);
    space.top.entry[0] = link(kernel_1g);
    space.top.entry[kStackRoot] = link(space.stack_1g);
    space.stack_1g.entry[kEntries - 1] = link(space.stack_2m);
    space.stack_2m.entry[kEntries - 1] = link(space.stack_4k);
    for (u64 n = 0; n < kStackPages; ++n) {
        const u64 page = address_of(space.stack) + n * kPageBytes;
        space.stack_4k.entry[kEntries - 1 - kStackPages + n] = page | kPresent | kWritable | kUser | kNoExecute;
    }
}

u8* user_stack_reserve(unsigned slot, u64 bytes, u64& at) {
    if (bytes > kStackBytes / 2) return nullptr;
    const u64 rounded = (bytes + 15) & ~u64{15};
    at = kStackTop - rounded;
    return spaces[slot].stack + kStackBytes - rounded;
}

void use_address_space(CpuArea& cpu, unsigned slot) {
    const u64 top = address_of(&spaces[slot].top);
    if (cpu.page_tables == top) return;
    if (!cpu.page_tables) enable_global_pages();
    write_cr3(top);
    cpu.page_tables = top;
}

bool is_user_range(u64 at, u64 bytes, bool write) {
    const auto within = [&](u64 begin, u64 end) { return at >= begin && at <= end && bytes <= end - at; };
    if (within(kStackTop - kStackBytes, kStackTop)) return true;
    return !write && within(address_of(user_text_start), address_of(user_text_end));
}

}  // namespace fw::hal
