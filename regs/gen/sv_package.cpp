// SPDX-License-Identifier: Apache-2.0
// Prints the register lists of regs/ as SystemVerilog packages, one file a block: offsets, reset values, write masks
// and fields. Usage: sv_package DIRECTORY
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "regs/register.h"

namespace {

using turnpike::regs::Field;

std::string line(const char* format, auto... values) {
    char text[256];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

/// One package under construction. Constants are as wide as what they describe: offsets 32 bits, values 64.
class Package {
  public:
    Package(std::string name, const char* source) : name_(std::move(name)) {
        text_ = line("// Made from regs/%s.def; changes belong there.\n", source);
        // A block uses the constants that it has hardware for, not the whole list.
        text_ += "/* verilator lint_off UNUSEDPARAM */\n";
        text_ += "package " + name_ + ";\n";
    }

    void reg(const char* name, std::uint64_t offset, std::uint64_t reset, std::uint64_t mask) {
        value32(name, "OFFSET", offset);
        value64(name, "RESET", reset);
        value64(name, "MASK", mask);
        last_reset_ = reset;
        last_register_ = name;
    }
    void array(const char* name, std::uint64_t stride, std::uint64_t count) {
        value32(name, "STRIDE", stride);
        value32(name, "COUNT", count);
    }
    void field(const char* reg_name, const char* name, unsigned lsb, unsigned width) {
        const std::string full = std::string(reg_name) + "_" + name;
        value32(full.c_str(), "LSB", lsb);
        value32(full.c_str(), "WIDTH", width);
        if (last_register_ == reg_name) value64(full.c_str(), "RESET", Field{lsb, width}.get(last_reset_));
    }
    void constant(const char* name, std::uint64_t value) {
        text_ += line("  localparam logic [63:0] %s = 64'h%016" PRIX64 ";\n", name, value);
    }

    bool write(const std::string& directory) {
        text_ += "endpackage\n/* verilator lint_on UNUSEDPARAM */\n";
        std::ofstream file(directory + "/" + name_ + ".sv", std::ios::binary);
        file << text_;
        file.close();
        if (!file) std::cerr << "sv_package: cannot write " << directory << "/" << name_ << ".sv\n";
        return static_cast<bool>(file);
    }

  private:
    void value32(const char* name, const char* what, std::uint64_t value) {
        text_ += line("  localparam logic [31:0] %s_%s = 32'h%08" PRIX64 ";\n", name, what, value);
    }
    void value64(const char* name, const char* what, std::uint64_t value) {
        constant((std::string(name) + "_" + what).c_str(), value);
    }

    std::string name_;
    std::string text_;
    std::string last_register_;
    std::uint64_t last_reset_ = 0;
};

#define REG(name, offset, reset, access, write_mask, what) package.reg(#name, offset, reset, write_mask);
#define REG_ARRAY(name, offset, stride, count, reset, access, write_mask, what) \
    package.reg(#name, offset, reset, write_mask);                              \
    package.array(#name, stride, count);
#define FIELD(reg_name, name, lsb, width) package.field(#reg_name, #name, lsb, width);
#define WINDOW(name, base, bytes, what)    \
    package.constant(#name "_BASE", base); \
    package.constant(#name "_BYTES", bytes);
#define CONSTANT(name, value, what) package.constant(#name, value);

bool write_lpm(const std::string& directory) {
    Package package("lpm_regs_pkg", "lpm");
#include "regs/lpm.def"
    return package.write(directory);
}

bool write_checksum(const std::string& directory) {
    Package package("checksum_regs_pkg", "checksum");
#include "regs/checksum.def"
    return package.write(directory);
}

bool write_nic(const std::string& directory) {
    Package package("nic_regs_pkg", "nic");
#include "regs/nic.def"
    return package.write(directory);
}

bool write_mailbox(const std::string& directory) {
    Package package("mailbox_regs_pkg", "mailbox");
#include "regs/mailbox.def"
    return package.write(directory);
}

bool write_uart(const std::string& directory) {
    Package package("uart_regs_pkg", "uart");
#include "regs/uart.def"
    return package.write(directory);
}

bool write_address_map(const std::string& directory) {
    Package package("address_map_pkg", "address_map");
#include "regs/address_map.def"
    return package.write(directory);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: sv_package DIRECTORY\n";
        return 2;
    }
    const std::string directory = argv[1];
    const bool written = write_lpm(directory) && write_checksum(directory) && write_nic(directory) &&
                         write_mailbox(directory) && write_uart(directory) && write_address_map(directory);
    return written ? 0 : 1;
}
