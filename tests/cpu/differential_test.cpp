// SPDX-License-Identifier: Apache-2.0
// Random code on this core and on Unicorn (QEMU's translator): registers, flags and memory must agree.
#include <gtest/gtest.h>
#include <unicorn/unicorn.h>

#include <iomanip>
#include <sstream>

#include "tests/cpu/guest.h"
#include "tests/cpu/random_code.h"

namespace turnpike::cpu {
namespace {

constexpr u64 kBytes = 1 << 20;
constexpr u64 kCodeEnd = 0x3F000;
constexpr u64 kWindow = 0x2000;  ///< bytes of data compared
constexpr u64 kStatus = 0x8D5;
constexpr int kRegisters[16] = {UC_X86_REG_RAX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RBX,
                                UC_X86_REG_RSP, UC_X86_REG_RBP, UC_X86_REG_RSI, UC_X86_REG_RDI,
                                UC_X86_REG_R8,  UC_X86_REG_R9,  UC_X86_REG_R10, UC_X86_REG_R11,
                                UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15};

struct Values {
    u64 registers[16];
    u64 flags;
    std::vector<u8> data;
};

class Reference {
  public:
    Reference() {
        EXPECT_EQ(uc_open(UC_ARCH_X86, UC_MODE_64, &engine_), UC_ERR_OK);
        EXPECT_EQ(uc_mem_map(engine_, 0, kBytes, UC_PROT_ALL), UC_ERR_OK);
    }
    ~Reference() { uc_close(engine_); }
    Reference(const Reference&) = delete;
    Reference& operator=(const Reference&) = delete;

    uc_err run(const std::vector<u8>& code, u64 at, Values& values) {
        uc_mem_write(engine_, at, code.data(), code.size());
        uc_mem_write(engine_, Guest::kData, values.data.data(), values.data.size());
        for (unsigned n = 0; n < 16; ++n) uc_reg_write(engine_, kRegisters[n], &values.registers[n]);
        uc_reg_write(engine_, UC_X86_REG_EFLAGS, &values.flags);
        const uc_err error = uc_emu_start(engine_, at, at + code.size(), 0, 0);
        for (unsigned n = 0; n < 16; ++n) uc_reg_read(engine_, kRegisters[n], &values.registers[n]);
        uc_reg_read(engine_, UC_X86_REG_EFLAGS, &values.flags);
        uc_mem_read(engine_, Guest::kData, values.data.data(), values.data.size());
        return error;
    }

  private:
    uc_engine* engine_ = nullptr;
};

Stop run_here(Guest& guest, const std::vector<u8>& code, u64 at, Values& values) {
    guest.load(code, at);
    guest.memory[at + code.size()] = 0xF4;
    guest.load(values.data, Guest::kData);
    // The flags come from the guest itself: popfq in front.
    guest.put<u64>(Guest::kStack - 8, values.flags);
    guest.memory[at - 1] = 0x9D;
    guest.core.start(at - 1, Guest::kStack - 8);
    for (unsigned n = 0; n < 16; ++n) {
        if (n != RSP) guest.core.set_reg(n, values.registers[n]);
    }
    const Stop stop = guest.run();
    for (unsigned n = 0; n < 16; ++n) values.registers[n] = guest.core.reg(n);
    values.flags = guest.core.rflags();
    std::memcpy(values.data.data(), guest.memory.data() + Guest::kData, values.data.size());
    return stop;
}

std::string dump(const std::vector<u8>& code) {
    std::ostringstream out;
    for (const u8 b : code) out << std::hex << std::setw(2) << std::setfill('0') << unsigned{b} << ' ';
    return out.str();
}

/// One sequence on both; false at a difference, which is told.
bool agree(Reference& reference, Guest& guest, const std::vector<u8>& code, u64 at, const Values& start) {
    Values here = start;
    Values there = start;
    const Stop stop = run_here(guest, code, at, here);
    const uc_err error = reference.run(code, at, there);
    EXPECT_EQ(stop, Stop::halt) << guest.core.diagnosis() << "\n" << dump(code);
    EXPECT_EQ(error, UC_ERR_OK) << uc_strerror(error) << "\n" << dump(code);
    bool equal = stop == Stop::halt && error == UC_ERR_OK;
    for (unsigned n = 0; n < 16; ++n) equal = equal && here.registers[n] == there.registers[n];
    equal = equal && (here.flags & kStatus) == (there.flags & kStatus) && here.data == there.data;
    if (equal) return true;
    std::ostringstream out;
    for (unsigned n = 0; n < 16; ++n) {
        if (here.registers[n] == there.registers[n]) continue;
        out << "register " << std::dec << n << std::hex << ": here " << here.registers[n] << ", there "
            << there.registers[n] << ", before " << start.registers[n] << "\n";
    }
    out << std::hex << "flags: here " << (here.flags & kStatus) << ", there " << (there.flags & kStatus) << ", before "
        << (start.flags & kStatus) << (here.data == there.data ? "" : "; memory differs");
    ADD_FAILURE() << out.str() << "\n" << dump(code);
    return false;
}

Values random_values(RandomCode& random) {
    Values values{};
    for (u64& value : values.registers) value = random.value();
    values.registers[RBX] = Guest::kData + kWindow / 2;
    values.registers[RBP] = random.number() & 63;
    values.registers[RSP] = Guest::kStack;
    values.flags = 0x2 | (random.number() & kStatus);
    values.data.resize(kWindow);
    for (u8& b : values.data) b = static_cast<u8>(random.number());
    return values;
}

/// `rounds` sequences of `length` instructions each; stops after five differences.
void compare(u64 seed, unsigned rounds, unsigned length) {
    RandomCode random(seed);
    auto reference = std::make_unique<Reference>();
    Guest guest;
    guest.core.set_functional(true);
    u64 at = Guest::kCode + 1;
    unsigned differences = 0;
    for (unsigned round = 0; round < rounds && differences < 5; ++round) {
        const std::vector<u8> code = random.sequence(length);
        if (at + code.size() + 2 > kCodeEnd) {  // the reference keeps its translations: go on at fresh addresses
            reference = std::make_unique<Reference>();
            at = Guest::kCode + 1;
        }
        differences += agree(*reference, guest, code, at, random_values(random)) ? 0 : 1;
        at += code.size() + 2;
    }
}

TEST(Differential, SingleInstructionsAgreeWithUnicorn) { compare(1, 20'000, 1); }
TEST(Differential, SequencesAgreeWithUnicorn) { compare(2, 4'000, 50); }

}  // namespace
}  // namespace turnpike::cpu
