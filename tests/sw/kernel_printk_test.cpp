// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/printk.h"

#include <gtest/gtest.h>

#include "sw/hal/native/test_machine.h"
#include "sw/kernel/time.h"
#include "sw/net/net.h"

namespace {

using namespace fw;

class Printk : public testing::Test {
  protected:
    void SetUp() override { console_loglevel = 8; }
    static const std::string& console() { return native::machine().console; }
};

TEST_F(Printk, NumbersStringsAndCharactersAreFormattedAsInC) {
    printk(6, "%d %d %u %x %c%s %%\n", -5, 0, 4294967295U, 0xBEEFU, 'o', "k");
    EXPECT_EQ(console(), "[    0.000000] -5 0 4294967295 beef ok %\n");
}

TEST_F(Printk, LongNumbersKeepAll64Bits) {
    printk(6, "%lu %lx %ld", 18446744073709551615UL, 0xFEDCBA9876543210UL, -9223372036854775807L - 1);
    EXPECT_EQ(console(), "[    0.000000] 18446744073709551615 fedcba9876543210 -9223372036854775808");
}

TEST_F(Printk, AnIpv4AddressIsPrintedFromItsNumber) {
    const u32 address = 0x0A0000FE;
    printk(6, "%pI4!", static_cast<const void*>(&address));
    EXPECT_EQ(console(), "[    0.000000] 10.0.0.254!");
}

TEST_F(Printk, OnlyLevelsBelowTheConsolesAreShown) {
    console_loglevel = 4;
    printk(4, "warning");
    EXPECT_EQ(console(), "");
    printk(3, "error");
    EXPECT_EQ(console(), "[    0.000000] error");
}

TEST_F(Printk, AMessageWithoutALevelHasTheDefaultMessageLevel) {
    console_loglevel = 4;
    default_message_loglevel = 4;
    printk(KERN_DEFAULT, "no");
    default_message_loglevel = 3;
    printk(KERN_DEFAULT, "yes");
    EXPECT_EQ(console(), "[    0.000000] yes");
}

TEST_F(Printk, ThePrintkSysctlsFourNumbersAreTheFourLevels) {
    sysctl_init();
    EXPECT_EQ(console_loglevel, 4);
    EXPECT_EQ(default_message_loglevel, 4);
    EXPECT_EQ(minimum_console_loglevel, 1);
    EXPECT_EQ(default_console_loglevel, 7);
    for (unsigned n = 0; n < 4; ++n) EXPECT_EQ(inet_sysctl({static_cast<u32>(kPrintkSysctls[n]), 0, 2 + n}), 0);
    EXPECT_EQ(console_loglevel, 2);
    EXPECT_EQ(default_message_loglevel, 3);
    EXPECT_EQ(minimum_console_loglevel, 4);
    EXPECT_EQ(default_console_loglevel, 5);
}

TEST_F(Printk, TheTimeIsThatOfTheTimeStampCounter) {
    tsc_khz = 3'000'000;
    native::machine().tsc = 3'000'000'000ULL * 12 + 3'000 * 34;  // 12 s and 34 us at 3 GHz
    printk(6, "x");
    EXPECT_EQ(console(), "[   12.000034] x");
}

TEST_F(Printk, AnUnknownConversionIsShownAsItStands) {
    const char* format = "%q%";
    printk(6, format);
    EXPECT_EQ(console(), "[    0.000000] %q%");
}

}  // namespace
