// SPDX-License-Identifier: Apache-2.0
// CPUID (SDM volume 2, CPUID) and the model-specific registers (SDM volume 4, 2.1).
#include <algorithm>
#include <cstring>

#include "models/cpu/cpuid.h"
#include "models/cpu/descriptor.h"
#include "models/cpu/msr.h"
#include "regs/address_map.h"

namespace turnpike::cpu {
namespace {

u32 text_word(const char* text, unsigned at) {
    u32 value;
    std::memcpy(&value, text + at, 4);
    return value;
}

CpuidAnswer vendor(Maker maker, u32 last_leaf) {
    const char* const text = maker == Maker::intel ? "GenuineIntel"
                             : maker == Maker::amd ? "AuthenticAMD"
                                                   : "TurnpikeCore";
    return {last_leaf, text_word(text, 0), text_word(text, 8), text_word(text, 4)};
}

CpuidAnswer features(const Identity& identity) {
    CpuidAnswer answer;
    answer.eax = identity.signature;
    answer.ebx = (identity.number << 24) | (8U << 8);                // local APIC's id; CLFLUSH lines of 64 bytes
    answer.ecx = (1U << 13) | (1U << 22) | (1U << 23) | (1U << 24);  // CMPXCHG16B, MOVBE, POPCNT, TSC-Deadline
    answer.edx = (1U << 3) | (1U << 4) | (1U << 5) | (1U << 6) | (1U << 8) | (1U << 9) | (1U << 11) | (1U << 13) |
                 (1U << 15) | (1U << 19);  // PSE, TSC, MSR, PAE, CX8, APIC, SEP, PGE, CMOV, CLFSH
    return answer;
}

CpuidAnswer structured_features() {
    // FSGSBASE, BMI1, SMEP, BMI2, ERMS, ADX, CLFLUSHOPT, CLWB; UMIP
    constexpr u32 kEbx =
        (1U << 0) | (1U << 3) | (1U << 7) | (1U << 8) | (1U << 9) | (1U << 19) | (1U << 23) | (1U << 24);
    return {0, kEbx, 1U << 2, 0};
}

CpuidAnswer extended_features(Maker maker) {
    constexpr u32 kCounters = 1U << 23;                                           // AMD: core performance counters
    return {0, 0, (1U << 0) | (1U << 5) | (maker == Maker::amd ? kCounters : 0),  // LAHF, LZCNT
            (1U << 11) | (1U << 20) | (1U << 26) | (1U << 27) | (1U << 29)};      // SYSCALL, NX, 1 GiB, RDTSCP, LM
}

/// Architectural performance monitoring (SDM volume 2, CPUID leaf 0AH): version 2, three fixed counters of 48 bits and
/// four programmable ones.
CpuidAnswer monitoring(Maker maker) {
    if (maker != Maker::intel) return {};
    return {2U | (4U << 8) | (48U << 16) | (7U << 24), 0x7C, 0, 3U | (48U << 5)};
}

CpuidAnswer brand(const Identity& identity, u32 part) {
    const char* const text = identity.brand.data();
    const unsigned at = part * 16;
    return {text_word(text, at), text_word(text, at + 4), text_word(text, at + 8), text_word(text, at + 12)};
}

/// SDM volume 2, CPUID, "Version Information": from family 15 on the extended family counts beyond it; the model's
/// upper half is the extended model.
u32 signature_of(const regs::params::profile::cpuid& part) {
    const u64 base = std::min<u64>(part.family, 15), extended = part.family - base;
    return static_cast<u32>(extended << 20 | (part.model >> 4) << 16 | base << 8 | (part.model & 15) << 4 |
                            part.stepping);
}

constexpr u32 kTsc = 0x10, kApicBase = 0x1B, kEfer = 0xC0000080, kFsBase = 0xC0000100, kGsBase = 0xC0000101,
              kKernelGsBase = 0xC0000102, kTscAux = 0xC0000103, kStar = 0xC0000081, kLstar = 0xC0000082,
              kCstar = 0xC0000083, kFmask = 0xC0000084;

/// Long mode cannot be left.
bool write_efer(State& s, u64 value) {
    if ((value & efer::LME) == 0 || (value & ~(efer::SCE | efer::LME | efer::LMA | efer::NXE)) != 0) return false;
    const u64 changed = s.sys.efer ^ value;
    s.sys.efer = value | efer::LMA;
    if ((changed & efer::NXE) != 0) s.services->flush_translations(true);
    return true;
}

std::string hex(u64 value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

Maker maker_of(const std::string& name) {
    return name == "intel" ? Maker::intel : name == "amd" ? Maker::amd : Maker::turnpike;
}

}  // namespace

Identity identity_of(const regs::CpuProfile& profile, unsigned number) {
    Identity identity{maker_of(profile.core.maker), number, signature_of(profile.cpuid), {}};
    const std::size_t length = std::min(profile.cpuid.brand.size(), identity.brand.size() - 1);
    std::copy_n(profile.cpuid.brand.begin(), length, identity.brand.begin());
    return identity;
}

CpuidAnswer cpuid_leaf(const Identity& identity, u32 leaf, u32 subleaf) {
    switch (leaf) {
        case 0:
            return vendor(identity.maker, identity.maker == Maker::intel ? 0xA : 7);
        case 1:
            return features(identity);
        case 7:
            return subleaf == 0 ? structured_features() : CpuidAnswer{};
        case 0xA:
            return monitoring(identity.maker);
        case 0x80000000:
            if (identity.maker == Maker::amd) return vendor(identity.maker, 0x80000008);
            return {0x80000008, 0, 0, 0};
        case 0x80000001:
            return extended_features(identity.maker);
        case 0x80000002:
        case 0x80000003:
        case 0x80000004:
            return brand(identity, leaf - 0x80000002);
        case 0x80000007:
            return {0, 0, 0, 1U << 8};  // invariant TSC
        case 0x80000008:
            return {kPhysicalBits | (48U << 8), 0, 0, 0};  // physical and linear address bits
        default:
            return {};
    }
}

u64 read_msr(State& s, u32 number) {
    switch (number) {
        case kTsc:
            return s.services->time_stamp();
        case kApicBase:
            // enabled; bootstrap processor
            return regs::map::LAPIC_BASE | (1U << 11) | (s.services->identity().number == 0 ? 1U << 8 : 0);
        case kEfer:
            return s.sys.efer;
        case kFsBase:
            return s.sys.fs_base;
        case kGsBase:
            return s.sys.gs_base;
        case kKernelGsBase:
            return s.sys.kernel_gs_base;
        case kTscAux:
            return s.sys.tsc_aux;
        case kStar:
            return s.sys.star;
        case kLstar:
            return s.sys.lstar;
        case kCstar:
            return s.sys.cstar;
        case kFmask:
            return s.sys.fmask;
        default:
            if (u64 value = 0; s.services->read_msr(number, value)) return value;
            if (u64 value = 0; s.services->counter_register(number, value, false)) return value;
            s.services->note("rdmsr of " + hex(number) + ", which is not modelled: reads 0");
            return 0;
    }
}

bool write_msr(State& s, u32 number, u64 value) {
    switch (number) {
        case kEfer:
            return write_efer(s, value);
        case kFsBase:
        case kGsBase:
        case kKernelGsBase: {
            if (!is_canonical(value)) return false;
            (number == kFsBase ? s.sys.fs_base : number == kGsBase ? s.sys.gs_base : s.sys.kernel_gs_base) = value;
            return true;
        }
        case kTscAux:
            if ((value >> 32) != 0) return false;
            s.sys.tsc_aux = value;
            return true;
        case kStar:
            s.sys.star = value;
            return true;
        case kLstar:
        case kCstar:
            if (!is_canonical(value)) return false;
            (number == kLstar ? s.sys.lstar : s.sys.cstar) = value;
            return true;
        case kFmask:
            if ((value >> 32) != 0) return false;
            s.sys.fmask = value;
            return true;
        default:
            if (s.services->write_msr(number, value)) return true;
            if (s.services->counter_register(number, value, true)) return true;
            s.services->note("wrmsr of " + hex(number) + ", which is not modelled: dropped");
            return true;
    }
}

}  // namespace turnpike::cpu
