// SPDX-License-Identifier: Apache-2.0
#include "models/debug/registers.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "models/debug/packet.h"

namespace turnpike::gdb {
namespace {

enum class Group { general, rip, flags, selector, x87, x87_control, base, system };

struct Register {
    const char* name;
    Group group;
    unsigned index;  ///< in its group, by hardware number
    unsigned bytes;
    const char* type;
};

constexpr unsigned number_of(cpu::SystemRegister which) { return static_cast<unsigned>(which); }

/// In the order of gdb's feature org.gnu.gdb.i386.core, then org.gnu.gdb.i386.segments, then the system registers, of
/// which gdb knows nothing but what the description says.
constexpr unsigned kCoreRegisters = 40;
constexpr unsigned kSegmentRegisters = 42;
constexpr std::array<Register, 48> kRegisters{{
    {"rax", Group::general, cpu::RAX, 8, "int64"},
    {"rbx", Group::general, cpu::RBX, 8, "int64"},
    {"rcx", Group::general, cpu::RCX, 8, "int64"},
    {"rdx", Group::general, cpu::RDX, 8, "int64"},
    {"rsi", Group::general, cpu::RSI, 8, "int64"},
    {"rdi", Group::general, cpu::RDI, 8, "int64"},
    {"rbp", Group::general, cpu::RBP, 8, "data_ptr"},
    {"rsp", Group::general, cpu::RSP, 8, "data_ptr"},
    {"r8", Group::general, cpu::R8, 8, "int64"},
    {"r9", Group::general, cpu::R9, 8, "int64"},
    {"r10", Group::general, cpu::R10, 8, "int64"},
    {"r11", Group::general, cpu::R11, 8, "int64"},
    {"r12", Group::general, cpu::R12, 8, "int64"},
    {"r13", Group::general, cpu::R13, 8, "int64"},
    {"r14", Group::general, cpu::R14, 8, "int64"},
    {"r15", Group::general, cpu::R15, 8, "int64"},
    {"rip", Group::rip, 0, 8, "code_ptr"},
    {"eflags", Group::flags, 0, 4, "i386_eflags"},
    {"cs", Group::selector, 1, 4, "int32"},
    {"ss", Group::selector, 2, 4, "int32"},
    {"ds", Group::selector, 3, 4, "int32"},
    {"es", Group::selector, 0, 4, "int32"},
    {"fs", Group::selector, 4, 4, "int32"},
    {"gs", Group::selector, 5, 4, "int32"},
    {"st0", Group::x87, 0, 10, "i387_ext"},
    {"st1", Group::x87, 1, 10, "i387_ext"},
    {"st2", Group::x87, 2, 10, "i387_ext"},
    {"st3", Group::x87, 3, 10, "i387_ext"},
    {"st4", Group::x87, 4, 10, "i387_ext"},
    {"st5", Group::x87, 5, 10, "i387_ext"},
    {"st6", Group::x87, 6, 10, "i387_ext"},
    {"st7", Group::x87, 7, 10, "i387_ext"},
    {"fctrl", Group::x87_control, 0x37F, 4, "int"},
    {"fstat", Group::x87_control, 0, 4, "int"},
    {"ftag", Group::x87_control, 0xFFFF, 4, "int"},
    {"fiseg", Group::x87_control, 0, 4, "int"},
    {"fioff", Group::x87_control, 0, 4, "int"},
    {"foseg", Group::x87_control, 0, 4, "int"},
    {"fooff", Group::x87_control, 0, 4, "int"},
    {"fop", Group::x87_control, 0, 4, "int"},
    {"fs_base", Group::base, 4, 8, "int64"},
    {"gs_base", Group::base, 5, 8, "int64"},
    {"cr0", Group::system, number_of(cpu::SystemRegister::cr0), 8, "x64_cr0"},
    {"cr2", Group::system, number_of(cpu::SystemRegister::cr2), 8, "int64"},
    {"cr3", Group::system, number_of(cpu::SystemRegister::cr3), 8, "int64"},
    {"cr4", Group::system, number_of(cpu::SystemRegister::cr4), 8, "x64_cr4"},
    {"efer", Group::system, number_of(cpu::SystemRegister::efer), 8, "x64_efer"},
    {"k_gs_base", Group::system, number_of(cpu::SystemRegister::kernel_gs_base), 8, "int64"},
}};

constexpr const char* kFlags = R"(<flags id="i386_eflags" size="4">
<field name="CF" start="0" end="0"/><field name="" start="1" end="1"/><field name="PF" start="2" end="2"/>
<field name="AF" start="4" end="4"/><field name="ZF" start="6" end="6"/><field name="SF" start="7" end="7"/>
<field name="TF" start="8" end="8"/><field name="IF" start="9" end="9"/><field name="DF" start="10" end="10"/>
<field name="OF" start="11" end="11"/><field name="NT" start="14" end="14"/><field name="RF" start="16" end="16"/>
<field name="AC" start="18" end="18"/><field name="ID" start="21" end="21"/></flags>
)";

/// Bits of CR0, CR4 and EFER (SDM volume 3, 2.5 and 2.2.1).
constexpr const char* kSystemFlags = R"(<flags id="x64_cr0" size="8">
<field name="PE" start="0" end="0"/><field name="MP" start="1" end="1"/><field name="EM" start="2" end="2"/>
<field name="TS" start="3" end="3"/><field name="ET" start="4" end="4"/><field name="NE" start="5" end="5"/>
<field name="WP" start="16" end="16"/><field name="AM" start="18" end="18"/><field name="NW" start="29" end="29"/>
<field name="CD" start="30" end="30"/><field name="PG" start="31" end="31"/></flags>
<flags id="x64_cr4" size="8">
<field name="VME" start="0" end="0"/><field name="PVI" start="1" end="1"/><field name="TSD" start="2" end="2"/>
<field name="DE" start="3" end="3"/><field name="PSE" start="4" end="4"/><field name="PAE" start="5" end="5"/>
<field name="MCE" start="6" end="6"/><field name="PGE" start="7" end="7"/><field name="PCE" start="8" end="8"/>
<field name="UMIP" start="11" end="11"/><field name="FSGSBASE" start="16" end="16"/>
<field name="PCIDE" start="17" end="17"/><field name="SMEP" start="20" end="20"/><field name="SMAP" start="21" end="21"/>
</flags>
<flags id="x64_efer" size="8">
<field name="SCE" start="0" end="0"/><field name="LME" start="8" end="8"/><field name="LMA" start="10" end="10"/>
<field name="NXE" start="11" end="11"/></flags>
)";

std::string describe(unsigned from, unsigned to) {
    std::string xml;
    for (unsigned n = from; n < to; ++n) {
        const Register& reg = kRegisters[n];
        xml += fmt::format("<reg name=\"{}\" bitsize=\"{}\" type=\"{}\" regnum=\"{}\"/>\n", reg.name, reg.bytes * 8,
                           reg.type, n);
    }
    return xml;
}

std::uint64_t value_of(const cpu::Core& core, const Register& reg) {
    switch (reg.group) {
        case Group::general:
            return core.reg(reg.index);
        case Group::rip:
            return core.rip();
        case Group::flags:
            return core.rflags();
        case Group::selector:
            return core.selector(reg.index);
        case Group::x87:
            return 0;
        case Group::x87_control:
            return reg.index;
        case Group::base:
            return core.segment_base(reg.index);
        case Group::system:
            return core.system_register(static_cast<cpu::SystemRegister>(reg.index));
    }
    return 0;
}

/// Linear addresses have 48 bits (SDM volume 1, 3.3.7.1).
bool is_canonical(std::uint64_t address) {
    const auto top = static_cast<std::int64_t>(address) >> 47;
    return top == 0 || top == -1;
}

bool change(cpu::Core& core, const Register& reg, std::uint64_t value) {
    if (value == value_of(core, reg)) return true;
    switch (reg.group) {
        case Group::general:
            core.set_reg(reg.index, value);
            return true;
        case Group::rip:
            // An instruction that is under way sets it itself.
            if (core.in_flight() || !is_canonical(value)) return false;
            core.set_rip(value);
            return true;
        case Group::flags:
            core.set_rflags(value);
            return true;
        case Group::base:
            if (!is_canonical(value)) return false;
            core.set_segment_base(reg.index, value);
            return true;
        case Group::selector:
        case Group::x87:
        case Group::x87_control:
        case Group::system:
            return false;
    }
    return false;
}

}  // namespace

const std::string& target_xml() {
    static const std::string xml =
        "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target version=\"1.0\">\n"
        "<architecture>i386:x86-64</architecture>\n<feature name=\"org.gnu.gdb.i386.core\">\n" +
        std::string(kFlags) + describe(0, kCoreRegisters) +
        "</feature>\n<feature name=\"org.gnu.gdb.i386.segments\">\n" + describe(kCoreRegisters, kSegmentRegisters) +
        "</feature>\n<feature name=\"turnpike.system\">\n" + kSystemFlags +
        describe(kSegmentRegisters, register_count()) + "</feature>\n</target>\n";
    return xml;
}

unsigned register_count() { return kRegisters.size(); }

std::string read_register(const cpu::Core& core, unsigned number) {
    if (number >= register_count()) return {};
    std::array<std::uint8_t, 16> bytes{};
    const std::uint64_t value = value_of(core, kRegisters[number]);
    std::memcpy(bytes.data(), &value, sizeof value);
    return to_hex(bytes.data(), kRegisters[number].bytes);
}

std::string read_registers(const cpu::Core& core) {
    std::string all;
    for (unsigned n = 0; n < register_count(); ++n) all += read_register(core, n);
    return all;
}

bool write_register(cpu::Core& core, unsigned number, std::string_view hex) {
    if (number >= register_count()) return false;
    const auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != kRegisters[number].bytes) return false;
    std::uint64_t value = 0;
    std::memcpy(&value, bytes->data(), std::min(bytes->size(), sizeof value));
    return change(core, kRegisters[number], value);
}

bool write_registers(cpu::Core& core, std::string_view hex) {
    std::size_t expected = 0;
    for (const Register& reg : kRegisters) expected += reg.bytes * 2U;
    if (hex.size() != expected || !from_hex(hex)) return false;
    for (unsigned n = 0; n < register_count(); ++n) {
        const std::size_t digits = kRegisters[n].bytes * 2U;
        write_register(core, n, hex.substr(0, digits));
        hex.remove_prefix(digits);
    }
    return true;
}

}  // namespace turnpike::gdb
