// SPDX-License-Identifier: Apache-2.0
// The SystemVerilog packages that the build makes hold what the lists say.
#include <gtest/gtest.h>

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <map>
#include <span>

#include "regs/address_map.h"
#include "regs/checksum.h"
#include "regs/lpm.h"
#include "regs/mailbox.h"
#include "regs/nic.h"
#include "regs/uart.h"

namespace turnpike {
namespace {

/// The constants of a package, by name.
std::map<std::string, std::uint64_t> constants(const std::string& package) {
    std::ifstream file(std::string(SV_PACKAGE_DIR "/") + package + ".sv");
    EXPECT_TRUE(file) << package;
    std::map<std::string, std::uint64_t> found;
    for (std::string text; std::getline(file, text);) {
        unsigned high = 0, width = 0;
        char name[64];
        std::uint64_t value = 0;
        if (std::sscanf(text.c_str(), "  localparam logic [%u:0] %63s = %u'h%" SCNx64 ";", &high, name, &width,
                        &value) == 4) {
            EXPECT_EQ(high + 1, width) << text;
            EXPECT_TRUE(found.emplace(name, value).second) << text;
        }
    }
    return found;
}

void expect_list(const std::string& package, std::span<const regs::Register> list) {
    std::map<std::string, std::uint64_t> found = constants(package);
    for (const regs::Register& reg : list) {
        const std::string name = reg.name;
        ASSERT_TRUE(found.contains(name + "_OFFSET")) << package << " " << name;
        EXPECT_EQ(found[name + "_OFFSET"], reg.offset) << name;
        EXPECT_EQ(found[name + "_RESET"], reg.reset) << name;
        EXPECT_EQ(found[name + "_MASK"], reg.write_mask) << name;
        if (reg.stride != 0) {
            EXPECT_EQ(found[name + "_STRIDE"], reg.stride) << name;
            EXPECT_EQ(found[name + "_COUNT"], reg.count) << name;
        }
    }
}

TEST(SvPackage, RegistersAreThoseOfTheLists) {
    expect_list("lpm_regs_pkg", regs::lpm::kRegisters);
    expect_list("checksum_regs_pkg", regs::checksum::kRegisters);
    expect_list("nic_regs_pkg", regs::nic::kRegisters);
    expect_list("mailbox_regs_pkg", regs::mailbox::kRegisters);
    expect_list("uart_regs_pkg", regs::uart::kRegisters);
}

TEST(SvPackage, FieldsHaveTheirPlaceAndResetValue) {
    std::map<std::string, std::uint64_t> found = constants("lpm_regs_pkg");
    EXPECT_EQ(found["ENTRY_ADDR_MEMORY_LSB"], 24u);
    EXPECT_EQ(found["ENTRY_ADDR_MEMORY_WIDTH"], 3u);
    EXPECT_EQ(found["MEMORY_CLOCKS_LEVEL1_RESET"], 1u);
    EXPECT_EQ(found["MEMORY_CLOCKS_RESULT_RESET"], 2u);
}

TEST(SvPackage, TheAddressMapIsThere) {
    std::map<std::string, std::uint64_t> found = constants("address_map_pkg");
    EXPECT_EQ(found["LPM_LOOKUP_BASE"], regs::map::LPM_LOOKUP_BASE);
    EXPECT_EQ(found["LPM_MISS"], 0xFFFFu);
}

}  // namespace
}  // namespace turnpike
