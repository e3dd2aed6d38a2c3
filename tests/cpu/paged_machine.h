// SPDX-License-Identifier: Apache-2.0
// A guest with page tables, user and supervisor segments, a TSS and a handler for every vector. Handlers halt, so that
// a test sees which one ran; with `on_fault` the page-fault handler calls the test and then returns.
#pragma once
#include <functional>
#include <string>

#include "tests/cpu/guest.h"

namespace turnpike::cpu {

/// Bits of paging-structure entries (SDM volume 3, table 4-20).
namespace pte {
inline constexpr u64 P = 1, W = 2, U = 4, A = 0x20, D = 0x40, PS = 0x80, G = 0x100, NX = u64{1} << 63;
}
/// Bits of a page fault's error code (SDM volume 3, figure 4-12).
namespace error {
inline constexpr u64 P = 1, W = 2, U = 4, RSVD = 8, I = 16;
}

class PagedMachine : public Guest {
  public:
    static constexpr u64 kTop = 0x90000;  ///< the PML4; other tables behind it
    static constexpr u64 kHandlers = 0x3000, kTss = 0x22000, kFrame = 0x7000;
    static constexpr u64 kKernelStack = 0x70000, kUserStack = 0x60000, kIst = 0x68000;
    static constexpr u16 kKernelCode = 0x08, kKernelData = 0x10, kUserData = 0x23, kUserCode = 0x2B;
    static constexpr u64 kPage = 0x400000;  ///< linear address of the page under test
    static constexpr u64 kPhysical = 0x50000;
    static constexpr u64 kWp = 0x80010011, kNoWp = 0x80000011;  ///< CR0

    explicit PagedMachine(const regs::CpuProfile& profile = {}) : Guest(profile) {
        core.set_functional(true);
        for (u64 page = 0; page < 0x100000; page += 0x1000) map(page, page | pte::P | pte::W);
        map(kCode, kCode | pte::P | pte::W | pte::U);
        map(kUserStack - 0x1000, (kUserStack - 0x1000) | pte::P | pte::W | pte::U);
        descriptors();
        for (unsigned vector = 0; vector < 256; ++vector) {
            handler(vector, {0x41, 0x0F, 0x20, 0xD7, 0xF4});  // mov r15, cr2; hlt
            gate(vector, kHandlers + 32 * vector);
        }
    }

    void handler(unsigned vector, std::initializer_list<u8> code) { load(code, kHandlers + 32 * vector); }
    /// The entry of the level (0: page table … 3: PML4) for a linear address; tables are made on the way.
    u64 entry(u64 linear, unsigned level = 0) {
        u64 table = kTop;
        for (unsigned at = 3; at > level; --at) {
            const u64 where = table + 8 * ((linear >> (12 + 9 * at)) & 0x1FF);
            if ((Guest::at<u64>(where) & pte::P) == 0) {
                next_ += 0x1000;
                put<u64>(where, next_ | pte::P | pte::W | pte::U);
            }
            table = Guest::at<u64>(where) & 0xFFFFFF000;
        }
        return table + 8 * ((linear >> (12 + 9 * level)) & 0x1FF);
    }
    void map(u64 linear, u64 value, unsigned level = 0) { put<u64>(entry(linear, level), value); }

    /// Prepares to run the program at kCode with the tables on; registers may be set after it. RAX, RCX, RDX, RSI and
    /// RDI are the boot code's.
    void boot(std::span<const u8> program, bool user, u64 flags = 2, u64 cr0 = kWp) {
        load(program);
        // lgdt [0x800]; lidt [0x810]; mov eax, 0x30; ltr ax; EFER = SCE, LME, LMA, NXE; mov cr3, rdi; mov cr0, rsi;
        // iretq
        load({0x0F, 0x01, 0x14, 0x25, 0x00, 0x08, 0x00, 0x00, 0x0F, 0x01, 0x1C, 0x25, 0x10, 0x08, 0x00, 0x00,
              0xB8, 0x30, 0x00, 0x00, 0x00, 0x0F, 0x00, 0xD8, 0xB9, 0x80, 0x00, 0x00, 0xC0, 0xB8, 0x01, 0x0D,
              0x00, 0x00, 0x31, 0xD2, 0x0F, 0x30, 0x0F, 0x22, 0xDF, 0x0F, 0x22, 0xC6, 0x48, 0xCF},
             0x700);
        const u64 frame[5] = {kCode, user ? kUserCode : kKernelCode, flags, user ? kUserStack : kStack,
                              user ? kUserData : kKernelData};
        for (unsigned n = 0; n < 5; ++n) put<u64>(kFrame + 8 * n, frame[n]);
        core.start(0x700, kFrame);
        core.set_reg(RDI, kTop);
        core.set_reg(RSI, cr0);
    }
    void boot(std::initializer_list<u8> program, bool user, u64 flags = 2, u64 cr0 = kWp) {
        boot(std::span<const u8>(program.begin(), program.size()), user, flags, cr0);
    }
    /// Which handler halted; -1: none did.
    int halted_in() const {
        const u64 offset = core.rip() - kHandlers;
        return offset < 32 * 256 ? static_cast<int>(offset / 32) : -1;
    }
    u64 on_stack(unsigned word) const { return at<u64>(core.reg(RSP) + 8 * word); }

    /// Called by the page-fault handler, which then returns to the faulting instruction.
    void on_fault(std::function<void()> call) {
        on_fault_ = std::move(call);
        // mov r15, cr2; out 0x80, al; add rsp, 8; iretq
        handler(14, {0x41, 0x0F, 0x20, 0xD7, 0xE6, 0x80, 0x48, 0x83, 0xC4, 0x08, 0x48, 0xCF});
    }
    void port_write(std::uint16_t port, const void* data, unsigned bytes) override {
        u32 value = 0;
        std::memcpy(&value, data, bytes);
        ports.push_back({port, value, bytes});
        if (port == 0x80 && on_fault_) on_fault_();
    }
    struct PortWrite {
        u16 port;
        u32 value;
        unsigned bytes;
    };
    std::vector<PortWrite> ports;

  private:
    void descriptors() {
        put<u64>(kGdt + 0x08, 0x00AF9A000000FFFF);  // kernel code, 64 bits
        put<u64>(kGdt + 0x10, 0x00CF92000000FFFF);  // kernel data
        put<u64>(kGdt + 0x20, 0x00CFF2000000FFFF);  // user data
        put<u64>(kGdt + 0x28, 0x00AFFA000000FFFF);  // user code, 64 bits
        put<u64>(kGdt + 0x30, 0x0000890000000087 | (kTss << 16));
        put<u16>(0x800, 0x3F);
        put<u64>(0x802, kGdt);
        put<u16>(0x810, 0xFFF);
        put<u64>(0x812, kIdt);
        put<u64>(kTss + 4, kKernelStack);
        put<u64>(kTss + 0x24, kIst);
        put<u16>(kTss + 0x66, 0x68);  // the port bitmap: ports 0 to 0xF7 follow
    }
    std::function<void()> on_fault_;
    u64 next_ = kTop;
};

}  // namespace turnpike::cpu
