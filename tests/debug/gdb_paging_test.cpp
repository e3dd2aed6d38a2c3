// SPDX-License-Identifier: Apache-2.0
// gdb at a program with page tables of its own: what it asks for by address is what the program finds there.
#include <gmock/gmock.h>

#include "tests/debug/gdb_session.h"

namespace turnpike::test {
namespace {

using testing::HasSubstr;

class GdbPaging : public testing::TestWithParam<const char*> {};

// 0x4000000000 is `data` (tests/debug/programs/paged.c), the page behind it a hole, the next one the code of `triple`.
TEST_P(GdbPaging, MemoryBreakpointsAndWatchpointsGoThroughTheProgramsTables) {
    if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
    TemporaryFolder folder;
    const std::string elf = std::string(GDB_PROGRAMS) + "/gdb_paged.elf";
    const std::vector<std::string> arguments{"exec", elf, "--cpu", GetParam(), "--json"};
    DebuggedProgram program(arguments, folder.path());
    const std::string said = run_gdb(program, elf,
                                     "define refused\npython\n"
                                     "for ask in ('x/4xb 0x4000000ffe', 'x/xb 0x4000001000', 'x/xb 0x5000000000',\n"
                                     "            'set *(char*)0x4000001000 = 1', 'x/xb 0x8000000000000000'):\n"
                                     "  try: gdb.execute(ask)\n"
                                     "  except gdb.error as e: print('refused: ' + str(e))\n"
                                     "end\nend\n"
                                     "break mapped\ncontinue\nprint/x $cr3 == &pml4\nx/xb 0x4000000000\nrefused\n"
                                     "set variable *(char*)0x4000000003 = 0x33\nprint/x data[3]\n"
                                     "break *(0x4000002000 + ((long)&triple & 0xfff))\nbreak triple\ncontinue\n"
                                     "print/x $pc\nx/i $pc\nprint $rdi\nwatch *(char*)0x4000000005\ncontinue\n"
                                     "print/x *(char*)0x4000000005\ninfo breakpoints\n"
                                     "set variable *(char*)0x4000000003 = 0\ndelete\ncontinue\n",
                                     folder.path());
    EXPECT_THAT(said, HasSubstr("$1 = 0x1"));
    EXPECT_THAT(said, HasSubstr("0x4000000000:\t0x11"));
    EXPECT_THAT(said, HasSubstr("refused: Cannot access memory at address 0x4000001000"));
    EXPECT_THAT(said, HasSubstr("refused: Cannot access memory at address 0x5000000000"));
    EXPECT_THAT(said, HasSubstr("refused: Cannot access memory at address 0x8000000000000000"));
    EXPECT_THAT(said, HasSubstr("$2 = 0x33"));
    EXPECT_THAT(said, testing::ContainsRegex("\\$3 = 0x40000020[0-9a-f]0"));
    EXPECT_THAT(said, HasSubstr("push   %rbp"));
    EXPECT_THAT(said, HasSubstr("$4 = 4"));
    // The program writes by the other address of the same byte.
    EXPECT_THAT(said, HasSubstr("Hardware watchpoint 4: *(char*)0x4000000005"));
    EXPECT_THAT(said, HasSubstr("$5 = 0x22"));
    const int status = program.status();
    EXPECT_EQ(status, 12);
    const Result alone = turnpike(arguments);
    EXPECT_EQ(alone.status, status);
    EXPECT_EQ(alone.out, program.out());
}

INSTANTIATE_TEST_SUITE_P(Profiles, GdbPaging, testing::Values("simple", "zen5"));

}  // namespace
}  // namespace turnpike::test
