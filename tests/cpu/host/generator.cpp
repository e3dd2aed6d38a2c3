// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/generator.h"

#include <utility>

#include "tests/cpu/host/instruction_facts.h"
#include "tests/cpu/host/undefined_flags.h"

namespace turnpike::host {
namespace {

constexpr unsigned kRax = 0, kRcx = 1, kRdx = 2, kRsp = 4;
constexpr u64 kStatusFlags = 0x8D5;
constexpr u64 kDirection = 0x400;
constexpr unsigned kLongestUnit = 140;
constexpr u64 kStackPointerSlot = kData + kDataBytes - 64;

u64 mask_of(unsigned bytes) { return bytes == 8 ? ~u64{0} : (u64{1} << (8 * bytes)) - 1; }

}  // namespace

/// Numbers with the corner cases more often than by chance.
u64 Generator::value() {
    const u64 raw = random_();
    switch (below(7)) {
        case 0:
            return raw & 0xFF;
        case 1:
            return ~(raw & 0xFF);
        case 2:
            return u64{1} << (raw & 63);
        case 3:
            return (u64{1} << (raw & 63)) - 1;
        case 4:
            return static_cast<u64>(static_cast<i64>(static_cast<std::int32_t>(raw)));
        default:
            return raw;
    }
}

Sample Generator::sample(unsigned most) {
    sample_ = {};
    for (u64& number : sample_.registers) number = value();
    sample_.registers[kRsp] = kStackTop;
    sample_.flags = kFlagsAlways | (random_() & kStatusFlags) | (chance(10) ? kDirection : 0);
    sample_.at = kCode + below(HOST_CODE_BYTES - Sample::kMaxCode - 0x100);
    sample_.memory_offset = below(kPoolBytes - kWindow);
    ended_ = false;
    for (unsigned n = 0; n < most && !ended_ && sample_.code.size() + kLongestUnit < Sample::kMaxCode; ++n) {
        const unsigned draw = below(1000);
        if (draw < 760) {
            modrm_unit();
        } else if (draw < 840) {
            implicit_unit();
        } else if (draw < 890) {
            stack_unit();
        } else if (draw < 930) {
            string_unit();
        } else if (draw < 975) {
            branch_unit();
        } else if (draw < 985) {
            guarded_unit();
        } else {
            privilege_unit();
        }
    }
    return sample_;
}

/// pushfq; and dword [rsp], ~undefined; popfq
void Generator::clean_flags(u64 undefined) {
    if (undefined == 0) return;
    byte(0x9C);
    bytes(0x242481, 3);
    bytes(~undefined, 4);
    byte(0x9D);
}

void Generator::finish(std::optional<unsigned> count, bool writes_stack_pointer) {
    ZydisDecodedInstruction insn;
    const u8* const code = sample_.code.data() + instruction_;
    const bool known = decode(code, sample_.code.size() - instruction_, insn);
    if (std::exchange(odd_, false)) {
        // Another instruction came of it, or a repetition of nobody knows how many.
        const bool repeats =
            known && (insn.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE)) != 0;
        if (!comparable(code, sample_.code.size() - instruction_) || (repeats && begin_ == instruction_)) {
            sample_.code.resize(begin_);
            return;
        }
        count = shift_count(code, sample_.code.size() - instruction_);
        // An operand of another size has an immediate of another size.
        if (known) sample_.code.resize(instruction_ + insn.length);
    }
    if (writes_stack_pointer) {  // mov [slot], rsp; mov esp, stack
        bytes(0x25248948, 4);
        bytes(kStackPointerSlot, 4);
        set_stack();
    }
    if (known) clean_flags(undefined_flags(insn.mnemonic, insn.operand_width, count));
    sample_.units.push_back(
        {static_cast<u16>(begin_), static_cast<u16>(instruction_), static_cast<u16>(sample_.code.size())});
}

void Generator::arrange_dividend(const Form& form, Encoding& e) {
    const unsigned bits = 8 * e.size;
    const bool is_signed = form.digit == 7;
    u64 divisor = value() & mask_of(e.size);
    if (divisor == 0 && chance(80)) divisor = 1;
    const u64 quotient = value() & mask_of(e.size);
    const auto extend = [&](u64 number) {
        const unsigned up = 64 - bits;
        return is_signed ? static_cast<__int128>(static_cast<i64>(number << up) >> up) : static_cast<__int128>(number);
    };
    using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(extend(quotient)) * static_cast<Wide>(extend(divisor));
    const Wide dividend = product + (random_() % (divisor == 0 ? 1 : divisor)) / 2;
    const bool fits = chance(95);  // else whatever the registers hold
    e.place.is_memory = chance(35);
    if (e.place.is_memory) {
        e.place.memory = choose_memory({(1U << kRax) | (1U << kRdx), false, false, 0});
        if (e.place.memory.target != 0) {  // mov rax, divisor; mov [target], rax
            set(kRax, divisor);
            bytes(0x25048948, 4);
            bytes(e.place.memory.target, 4);
        }
    } else {
        e.place.reg = static_cast<unsigned>(other_register((1U << kRax) | (1U << kRdx)));
        if (e.size == 1 && e.place.reg >= 4 && e.place.reg < 8) e.place.reg = 8;
        set(e.place.reg, divisor);
    }
    if (!fits) return;
    if (e.size == 1) {
        set(kRax, (value() << 16) | static_cast<u16>(dividend));
        return;
    }
    set(kRax, static_cast<u64>(dividend) & mask_of(e.size));
    set(kRdx, static_cast<u64>(dividend >> bits) & mask_of(e.size));
}

/// Operands, and what the form needs; a shift's count where it is known.
std::optional<unsigned> Generator::arrange(const Form& form, Encoding& e) {
    e.place.is_memory = form.rm == Rm::memory || (form.rm == Rm::any && chance(40));
    e.reg = form.digit >= 0 ? static_cast<unsigned>(form.digit) : below(16);
    e.reg_is_register = form.digit < 0;
    e.place.reg = below(16);
    Wanted wanted;
    std::optional<unsigned> count;
    if (form.lock && e.place.is_memory) {
        e.lock = chance(30);
        wanted.aligned = e.lock || form.opcode == 0x86 || form.opcode == 0x87;
    }
    wanted.aligned = wanted.aligned || (form.need == Need::pair && chance(85));
    wanted.stack = form.need == Need::nothing && form.opcode != 0x8D;
    if (form.need == Need::dividend) {
        arrange_dividend(form, e);
        return count;
    }
    if (form.need == Need::count && chance(85)) {
        const unsigned edge = 8 * e.size - 1 + below(3);
        count = chance(25) ? below(3) : chance(20) ? edge : below(256);
        set(kRcx, *count);
        wanted.avoid = 1U << kRcx;
    }
    if (form.need == Need::accumulator) wanted.avoid = 1U << kRax;
    if (form.need == Need::pair) wanted.avoid = (1U << kRax) | (1U << kRdx);
    if (form.need == Need::bit_string && e.place.is_memory) {
        // The number of the bit reaches beyond the operand, in units of it (SDM volume 2, BT).
        if (e.reg == kRsp) e.reg = kRax;
        const u64 number = value();
        const unsigned up = 64 - 8 * e.size;
        const i64 bit = static_cast<i64>(number << up) >> up;
        set(e.reg, number);
        wanted.avoid = 1U << e.reg;
        wanted.delta = (bit >> (e.size == 2 ? 4 : e.size == 4 ? 5 : 6)) * static_cast<i64>(e.size);
    }
    if (e.place.is_memory) e.place.memory = choose_memory(wanted);
    const u64 target = e.place.is_memory ? e.place.memory.target : 0;
    if (form.need == Need::accumulator && target != 0 && chance(60)) {  // mov rax, [target]
        bytes(0x25048B48, 4);
        bytes(target, 4);
    }
    if (form.need == Need::pair && target != 0 && chance(60)) {
        bytes(0x25048B48, 4);
        bytes(target, 4);
        bytes(0x25148B48, 4);  // mov rdx, [target + size]
        bytes(target + e.size, 4);
        if (e.size == 4) set(kRax, 0), bytes(0x25048B, 3), bytes(target, 4);
    }
    return count;
}

void Generator::modrm_unit() {
    const Form& form = forms()[below(static_cast<unsigned>(forms().size()))];
    Encoding e;
    do {
        e.size = 1U << below(4);
    } while ((form.sizes & e.size) == 0);
    e.map = form.map;
    e.prefix = form.prefix;
    e.opcode = form.opcode;
    e.vex = form.vex;
    e.vvvv = form.no_vvvv || !form.vex ? 0 : below(16);
    e.imm_bytes = form.imm == Imm::none ? 0 : form.imm == Imm::byte ? 1 : e.size == 2 ? 2 : 4;
    e.imm = value();
    begin();
    std::optional<unsigned> count = arrange(form, e);
    if (form.imm == Imm::byte) {
        if (chance(20)) e.imm = below(3);
        count = static_cast<unsigned>(e.imm & 0xFF);
    }
    if (form.opcode == 0xD0 || form.opcode == 0xD1) count = 1;
    // LOCK where it is not allowed: #UD.
    const bool may_lock = form.lock && e.place.is_memory;
    if (!e.lock && !form.vex && !may_lock && chance(1)) e.lock = sample_.too_odd = true;
    odd_ = chance(2);
    instruction();
    encode(e);
    const bool touches = (!e.place.is_memory && e.place.reg == kRsp) || (e.reg_is_register && e.reg == kRsp) ||
                         (e.vex && e.vvvv == kRsp);
    finish(count, touches);
}

}  // namespace turnpike::host
