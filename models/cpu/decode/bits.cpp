// SPDX-License-Identifier: Apache-2.0
// Decoding of bit instructions, BMI, ADX and CRC32.
#include <optional>

#include "models/cpu/decode/groups.h"

namespace turnpike::cpu {
namespace {

std::optional<Bit> bit_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_BT:
            return Bit::bt;
        case ZYDIS_MNEMONIC_BTS:
            return Bit::bts;
        case ZYDIS_MNEMONIC_BTR:
            return Bit::btr;
        case ZYDIS_MNEMONIC_BTC:
            return Bit::btc;
        default:
            return std::nullopt;
    }
}

std::optional<Count> count_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_BSF:
            return Count::bsf;
        case ZYDIS_MNEMONIC_BSR:
            return Count::bsr;
        case ZYDIS_MNEMONIC_TZCNT:
            return Count::tzcnt;
        case ZYDIS_MNEMONIC_LZCNT:
            return Count::lzcnt;
        case ZYDIS_MNEMONIC_POPCNT:
            return Count::popcnt;
        default:
            return std::nullopt;
    }
}

/// Operation, and which operands are the one that may be memory and the third one (-1: none).
struct BmiForm {
    Bmi op;
    unsigned source;
    int third;
};

std::optional<BmiForm> bmi_of(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_ANDN:
            return BmiForm{Bmi::andn, 2, 1};
        case ZYDIS_MNEMONIC_BEXTR:
            return BmiForm{Bmi::bextr, 1, 2};
        case ZYDIS_MNEMONIC_BZHI:
            return BmiForm{Bmi::bzhi, 1, 2};
        case ZYDIS_MNEMONIC_BLSI:
            return BmiForm{Bmi::blsi, 1, -1};
        case ZYDIS_MNEMONIC_BLSR:
            return BmiForm{Bmi::blsr, 1, -1};
        case ZYDIS_MNEMONIC_BLSMSK:
            return BmiForm{Bmi::blsmsk, 1, -1};
        case ZYDIS_MNEMONIC_MULX:
            return BmiForm{Bmi::mulx, 2, 1};
        case ZYDIS_MNEMONIC_PDEP:
            return BmiForm{Bmi::pdep, 2, 1};
        case ZYDIS_MNEMONIC_PEXT:
            return BmiForm{Bmi::pext, 2, 1};
        case ZYDIS_MNEMONIC_RORX:
            return BmiForm{Bmi::rorx, 1, -1};
        case ZYDIS_MNEMONIC_SARX:
            return BmiForm{Bmi::sarx, 1, 2};
        case ZYDIS_MNEMONIC_SHLX:
            return BmiForm{Bmi::shlx, 1, 2};
        case ZYDIS_MNEMONIC_SHRX:
            return BmiForm{Bmi::shrx, 1, 2};
        default:
            return std::nullopt;
    }
}

void bit_test(Source& source, Bit op) {
    Kind target;
    Kind from;
    const unsigned size = source.size_of(0);
    if (!source.take(0, target, &Insn::dst) || !source.take(1, from, &Insn::src)) return;
    if (target == Kind::mem) {
        source.access(1U << size, false);
        if (op != Bit::bt) source.access(1U << size, true);
        if (source.locked()) source.out.cls = OpClass::locked;
    }
    const bool string = target == Kind::mem && from == Kind::reg;
    if (string && source.out.address_step.run != nullptr) {
        source.out.address_step.run = bit_address_handler(size, source.insn.address_width == 32);
        source.out.address_step.src = source.number(1);
        source.out.step.run = placed_bit_handler(op, size);
        return;
    }
    source.out.step.run = bit_handler(op, size, target, from);
}

/// Register target, one source that may be memory; false where that is not so.
bool to_register(Source& source, unsigned n, Kind& from) {
    if (!source.take(n, from, &Insn::src) || from == Kind::imm) return false;
    source.out.step.dst = source.number(0);
    if (from == Kind::mem) source.access(source.operands[n].size / 8, false);
    return source.out.step.dst != 0xFF;
}

void bmi(Source& source, const BmiForm& form) {
    Kind from;
    if (!to_register(source, form.source, from)) return;
    if (form.third >= 0) {
        source.out.step.imm = source.number(static_cast<unsigned>(form.third));
    } else if (form.op == Bmi::rorx) {
        source.out.step.imm = source.operands[2].imm.value.u;
    }
    if (form.op == Bmi::mulx) source.out.cls = OpClass::mul;
    source.out.step.run = bmi_handler(form.op, source.size_of(0), from);
}

}  // namespace

bool decode_bits(Source& source) {
    const ZydisMnemonic mnemonic = source.insn.mnemonic;
    if (const auto op = bit_of(mnemonic)) {
        bit_test(source, *op);
        return true;
    }
    Kind from;
    if (const auto op = count_of(mnemonic)) {
        if (to_register(source, 1, from)) source.out.step.run = count_handler(*op, source.size_of(0), from);
        return true;
    }
    if (const auto form = bmi_of(mnemonic)) {
        bmi(source, *form);
        return true;
    }
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_ADCX:
        case ZYDIS_MNEMONIC_ADOX:
            if (to_register(source, 1, from)) {
                source.out.step.run = adx_handler(mnemonic == ZYDIS_MNEMONIC_ADOX, source.size_of(0), from);
            }
            return true;
        case ZYDIS_MNEMONIC_CRC32:
            if (to_register(source, 1, from)) source.out.step.run = crc32_handler(source.size_of(1), from);
            return true;
        default:
            return false;
    }
}

}  // namespace turnpike::cpu
