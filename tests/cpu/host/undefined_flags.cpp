// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/undefined_flags.h"

namespace turnpike::host {
namespace {

constexpr u64 CF = 1, PF = 4, AF = 0x10, ZF = 0x40, SF = 0x80, OF = 0x800;

/// Shifts and rotates: OF is defined for a count of 1 only, and a count of 0 changes no flag.
u64 of_shift(ZydisMnemonic mnemonic, unsigned bits, std::optional<unsigned> count) {
    const bool rotate = mnemonic == ZYDIS_MNEMONIC_ROL || mnemonic == ZYDIS_MNEMONIC_ROR ||
                        mnemonic == ZYDIS_MNEMONIC_RCL || mnemonic == ZYDIS_MNEMONIC_RCR;
    const bool twice = mnemonic == ZYDIS_MNEMONIC_SHLD || mnemonic == ZYDIS_MNEMONIC_SHRD;
    const unsigned masked = count ? *count & (bits == 64 ? 63U : 31U) : 31;
    if (masked == 0) return 0;
    u64 flags = masked == 1 ? 0 : OF;
    if (!rotate) flags |= AF;
    // "The CF flag is undefined for SHL or SHR instructions where the count is greater than or equal to the size".
    if (!rotate && mnemonic != ZYDIS_MNEMONIC_SAR && masked >= bits) flags |= CF;
    if (twice && masked > bits) flags |= CF | PF | AF | ZF | SF | OF;
    return flags;
}

}  // namespace

u64 undefined_flags(ZydisMnemonic mnemonic, unsigned bits, std::optional<unsigned> count) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_AND:
        case ZYDIS_MNEMONIC_OR:
        case ZYDIS_MNEMONIC_XOR:
        case ZYDIS_MNEMONIC_TEST:
            return AF;
        case ZYDIS_MNEMONIC_SHL:
        case ZYDIS_MNEMONIC_SHR:
        case ZYDIS_MNEMONIC_SAR:
        case ZYDIS_MNEMONIC_ROL:
        case ZYDIS_MNEMONIC_ROR:
        case ZYDIS_MNEMONIC_RCL:
        case ZYDIS_MNEMONIC_RCR:
        case ZYDIS_MNEMONIC_SHLD:
        case ZYDIS_MNEMONIC_SHRD:
            return of_shift(mnemonic, bits, count);
        case ZYDIS_MNEMONIC_MUL:
        case ZYDIS_MNEMONIC_IMUL:
            return SF | ZF | AF | PF;
        case ZYDIS_MNEMONIC_DIV:
        case ZYDIS_MNEMONIC_IDIV:
            return CF | OF | SF | ZF | AF | PF;
        case ZYDIS_MNEMONIC_BT:
        case ZYDIS_MNEMONIC_BTS:
        case ZYDIS_MNEMONIC_BTR:
        case ZYDIS_MNEMONIC_BTC:
            return OF | SF | AF | PF;
        case ZYDIS_MNEMONIC_BSF:
        case ZYDIS_MNEMONIC_BSR:
            return CF | OF | SF | AF | PF;
        case ZYDIS_MNEMONIC_LZCNT:
        case ZYDIS_MNEMONIC_TZCNT:
            return OF | SF | AF | PF;
        case ZYDIS_MNEMONIC_BEXTR:
            return AF | SF | PF;
        case ZYDIS_MNEMONIC_ANDN:
        case ZYDIS_MNEMONIC_BLSI:
        case ZYDIS_MNEMONIC_BLSR:
        case ZYDIS_MNEMONIC_BLSMSK:
        case ZYDIS_MNEMONIC_BZHI:
            return AF | PF;
        default:
            return 0;
    }
}

}  // namespace turnpike::host
