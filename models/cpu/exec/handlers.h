// SPDX-License-Identifier: Apache-2.0
// The handlers of each group of instructions, chosen by operation, operand size (log2 of bytes) and operand kinds. A
// null handler: the group has no such form.
#pragma once
#include "models/cpu/exec/exec.h"

namespace turnpike::cpu {

enum class Alu { add, or_, adc, sbb, and_, sub, xor_, cmp, test };
Handler alu_handler(Alu op, unsigned size, Kind target, Kind source);
enum class Unary { inc, dec, neg, not_ };
Handler unary_handler(Unary op, unsigned size, Kind operand);
Handler carry_flag_handler(unsigned op);  ///< 0 CLC, 1 STC, 2 CMC

enum class Shift { rol, ror, rcl, rcr, shl, shr, sar };
Handler shift_handler(Shift op, unsigned size, Kind target, bool by_cl);
Handler double_shift_handler(bool left, unsigned size, Kind target, bool by_cl);

enum class Widening { mul, imul, div, idiv };
Handler widening_handler(Widening op, unsigned size, Kind source);
Handler imul_handler(unsigned size, Kind source, bool immediate);

enum class Bit { bt, bts, btr, btc };
Handler bit_handler(Bit op, unsigned size, Kind target, Kind source);
/// Bit string at a 32-bit address: the first works the operand's place out into kAddressRegister (`imm`: segment
/// number, `src`: the bit's number), the second does the rest.
Handler bit_address_handler(unsigned size, bool only32);
Handler placed_bit_handler(Bit op, unsigned size);
enum class Count { bsf, bsr, tzcnt, lzcnt, popcnt };
Handler count_handler(Count op, unsigned size, Kind source);
enum class Bmi { andn, bextr, bzhi, blsi, blsr, blsmsk, mulx, pdep, pext, rorx, sarx, shlx, shrx };
Handler bmi_handler(Bmi op, unsigned size, Kind source);
Handler adx_handler(bool overflow, unsigned size, Kind source);
Handler crc32_handler(unsigned size, Kind source);

Handler mov_handler(unsigned size, Kind target, Kind source);
Handler extend_handler(bool is_signed, unsigned target_size, unsigned size, Kind source);
Handler lea_handler(unsigned size);
Handler synchronise_handler();         ///< before a locked instruction of one of several cores
Handler address_handler(bool only32);  ///< works the address out into kAddressRegister; imm: segment number
Handler cmov_handler(unsigned code, unsigned size, Kind source);
Handler set_handler(unsigned code, Kind target);
Handler bswap_handler(unsigned size);
Handler movbe_handler(unsigned size, bool store);
Handler convert_handler(unsigned size, bool into_dx);  ///< CBW, CWDE, CDQE; CWD, CDQ, CQO
Handler push_handler(unsigned size, Kind source);
Handler pop_handler(unsigned size, Kind target);
Handler pushf_handler(unsigned size);
Handler lahf_handler(bool sahf);
Handler table_address_handler(bool only32);  ///< of XLAT, into kAddressRegister; imm: segment number
Handler nop_handler();

Handler xchg_handler(unsigned size, Kind target);
Handler xadd_handler(unsigned size, Kind target);
Handler cmpxchg_handler(unsigned size, Kind target);
Handler cmpxchg_pair_handler(unsigned size);

enum class Jump { direct, reg, mem };
Handler jump_handler(Jump kind, unsigned size);
Handler call_handler(Jump kind, unsigned size);
Handler jcc_handler(unsigned code);
Handler ret_handler(unsigned size);
Handler loop_handler(unsigned kind, bool address32);  ///< 0 LOOPNE, 1 LOOPE, 2 LOOP, 3 JRCXZ
Handler enter_handler(unsigned size);
Handler leave_handler(unsigned size);
Handler block_end_handler();  ///< behind the last instruction of a block that does not branch

enum class String { movs, stos, lods, scas, cmps };
/// repeat: 0 none, 1 REP/REPE, 2 REPNE.
Handler string_handler(String op, unsigned size, unsigned repeat, bool address32);

enum class SystemOp {
    hlt,
    cli,
    sti,
    cld,
    std_,
    int_,
    iretq,
    lretq,
    popf,
    popf16,
    undefined,
    outside,
    lgdt,
    lidt,
    sgdt,
    sidt,
    lldt,
    ltr,
    sldt,
    str,
    read_cr,
    write_cr,
    read_segment,
    write_segment,
    push_segment,
    pop_segment,
    rdmsr,
    wrmsr,
    swapgs,
    cpuid,
    rdtsc,
    rdtscp,
    int1,
    sysretq,
    syscall,
    read_dr,
    write_dr,
    clts,
    invlpg,
    read_base,
    write_base,
    rdpmc,
    in,
    out,
    write_back,
    flush_line
};
Handler system_handler(SystemOp op);

/// A fused compare and conditional branch; nullptr where there is none.
Handler fused_handler(Handler first, unsigned code);

}  // namespace turnpike::cpu
