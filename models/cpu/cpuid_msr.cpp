// SPDX-License-Identifier: Apache-2.0
// CPUID (SDM volume 2, CPUID) and the model-specific registers (SDM volume 4, 2.1).
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

CpuidAnswer features() {
    CpuidAnswer answer;
    answer.eax = 0x00050654;  // family 6, model 0x55: no part of its own, the profile says what is modelled
    answer.ebx = 8U << 8;     // CLFLUSH lines of 64 bytes
    answer.ecx = (1U << 13) | (1U << 22) | (1U << 23);  // CMPXCHG16B, MOVBE, POPCNT
    answer.edx = (1U << 4) | (1U << 5) | (1U << 6) | (1U << 8) | (1U << 9) | (1U << 15) |
                 (1U << 19);  // TSC, MSR, PAE, CX8, APIC, CMOV, CLFSH
    return answer;
}

CpuidAnswer brand(u32 part) {
    static constexpr char kBrand[49] = "Turnpike x86-64 core (integer only)             ";
    const unsigned at = part * 16;
    return {text_word(kBrand, at), text_word(kBrand, at + 4), text_word(kBrand, at + 8), text_word(kBrand, at + 12)};
}

constexpr u32 kTsc = 0x10, kApicBase = 0x1B, kEfer = 0xC0000080, kFsBase = 0xC0000100, kGsBase = 0xC0000101,
              kKernelGsBase = 0xC0000102, kTscAux = 0xC0000103;

std::string hex(u64 value) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    return text;
}

}  // namespace

CpuidAnswer cpuid_leaf(u32 leaf, u32 subleaf) {
    static constexpr char kVendor[] = "TurnpikeCore";
    switch (leaf) {
        case 0:
            return {7, text_word(kVendor, 0), text_word(kVendor, 8), text_word(kVendor, 4)};
        case 1:
            return features();
        case 7:
            if (subleaf != 0) return {};
            return {0, (1U << 3) | (1U << 8) | (1U << 9) | (1U << 19), 0, 0};  // BMI1, BMI2, ERMS, ADX
        case 0x80000000:
            return {0x80000008, 0, 0, 0};
        case 0x80000001:
            return {0, 0, (1U << 0) | (1U << 5), (1U << 27) | (1U << 29)};  // LAHF, LZCNT; RDTSCP, LM
        case 0x80000002:
        case 0x80000003:
        case 0x80000004:
            return brand(leaf - 0x80000002);
        case 0x80000007:
            return {0, 0, 0, 1U << 8};  // invariant TSC
        case 0x80000008:
            return {39 | (48U << 8), 0, 0, 0};  // physical and linear address bits
        default:
            return {};
    }
}

u64 read_msr(State& s, u32 number) {
    switch (number) {
        case kTsc:
            return s.services->time_stamp();
        case kApicBase:
            return regs::map::LAPIC_BASE | (1U << 11) | (1U << 8);  // enabled, bootstrap processor
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
        default:
            s.services->note("rdmsr of " + hex(number) + ", which is not modelled: reads 0");
            return 0;
    }
}

bool write_msr(State& s, u32 number, u64 value) {
    constexpr u64 kLongMode = 0x500;  // LME, LMA: cannot be left
    switch (number) {
        case kEfer:
            if ((value & 0x100) == 0) return false;
            s.sys.efer = value | kLongMode;
            return true;
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
        default:
            s.services->note("wrmsr of " + hex(number) + ", which is not modelled: dropped");
            return true;
    }
}

}  // namespace turnpike::cpu
