// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/unicorn_runner.h"

#include <unicorn/unicorn.h>

#include <stdexcept>

namespace turnpike::host {
namespace {

constexpr int kRegisters[16] = {UC_X86_REG_RAX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RBX,
                                UC_X86_REG_RSP, UC_X86_REG_RBP, UC_X86_REG_RSI, UC_X86_REG_RDI,
                                UC_X86_REG_R8,  UC_X86_REG_R9,  UC_X86_REG_R10, UC_X86_REG_R11,
                                UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15};
constexpr unsigned kRunsOfOneEngine = 2000;
constexpr std::size_t kMostInstructions = 20'000;  ///< some samples never end there
constexpr u64 kInvalid = 6;                        ///< UC_ERR_INSN_INVALID comes without an interrupt: #UD
constexpr u64 kUnmapped = 13;  ///< an access outside the window, which here is one that is not canonical: #GP

void on_interrupt(uc_engine* engine, u32 number, void* exception) {
    *static_cast<u64*>(exception) = number;
    uc_emu_stop(engine);
}

}  // namespace

UnicornRunner::UnicornRunner(const std::vector<u8>& pool) : pool_(pool) { open(); }
UnicornRunner::~UnicornRunner() { uc_close(engine_); }

/// A fresh engine now and then: each keeps its translations of every sample.
void UnicornRunner::open() {
    if (engine_ != nullptr) uc_close(engine_);
    if (uc_open(UC_ARCH_X86, UC_MODE_64, &engine_) != UC_ERR_OK) throw std::runtime_error("Unicorn does not open");
    uc_mem_map(engine_, kControl, 0x1000, UC_PROT_ALL);
    uc_mem_map(engine_, kCode - 0x1000, HOST_CODE_BYTES + 0x2000, UC_PROT_ALL);
    uc_mem_map(engine_, kData - 0x1000, kDataBytes + 0x2000, UC_PROT_ALL);
    uc_mem_map(engine_, kStack - 0x1000, kStackBytes + 0x2000, UC_PROT_ALL);
    uc_hook_add(engine_, &hook_, UC_HOOK_INTR, reinterpret_cast<void*>(on_interrupt), &exception_, 1, 0);
    const u64 fs = kFsBase;
    const u64 gs = kGsBase;
    uc_reg_write(engine_, UC_X86_REG_FS_BASE, &fs);
    uc_reg_write(engine_, UC_X86_REG_GS_BASE, &gs);
    runs_ = 0;
}

Outcome UnicornRunner::run(const Sample& sample) {
    if (++runs_ == kRunsOfOneEngine) open();
    const u8* const pool = pool_.data() + sample.memory_offset;
    uc_mem_write(engine_, kData, pool, kDataBytes);
    uc_mem_write(engine_, kJumpInData, kJumpToEntry.data(), kJumpToEntry.size());
    uc_mem_write(engine_, kStack, pool + kDataBytes, kStackBytes);
    uc_mem_write(engine_, sample.at, sample.code.data(), sample.code.size());
    const u64 end = sample.at + sample.code.size();
    uc_ctl_remove_cache(engine_, sample.at, end);
    for (unsigned n = 0; n < 16; ++n) uc_reg_write(engine_, kRegisters[n], &sample.registers[n]);
    uc_reg_write(engine_, UC_X86_REG_EFLAGS, &sample.flags);
    exception_ = kNoException;
    const uc_err error = uc_emu_start(engine_, sample.at, end, 0, kMostInstructions);
    Outcome outcome;
    for (unsigned n = 0; n < 16; ++n) uc_reg_read(engine_, kRegisters[n], &outcome.registers[n]);
    uc_reg_read(engine_, UC_X86_REG_EFLAGS, &outcome.flags);
    outcome.flags &= kComparedFlags;
    outcome.exception = exception_ != kNoException     ? exception_
                        : error == UC_ERR_INSN_INVALID ? kInvalid
                        : error != UC_ERR_OK           ? kUnmapped
                                                       : kNoException;
    uc_mem_read(engine_, kData, outcome.memory.data(), kDataBytes);
    uc_mem_read(engine_, kStack, outcome.memory.data() + kDataBytes, kStackBytes);
    return outcome;
}

}  // namespace turnpike::host
