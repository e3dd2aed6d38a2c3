// SPDX-License-Identifier: Apache-2.0
// gdb at a machine of four cores that fight for a lock (tests/debug/programs/cores.c).
#include <gmock/gmock.h>

#include "tests/debug/gdb_session.h"

namespace turnpike::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

class GdbCores : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
        scenario.write();
    }
    std::vector<std::string> arguments(const std::string& out) const {
        return {"run",
                scenario.folder.string(),
                "--quiet",
                "--firmware",
                kElf,
                "--set",
                "cpu.cores=4",
                "--set",
                std::string("cpu.profile=\"") + GetParam() + '"',
                "--out",
                (folder.path() / out).string()};
    }
    std::string session(const std::string& commands) {
        DebuggedProgram program(arguments("debugged"), folder.path());
        const std::string said = run_gdb(program, kElf, commands, folder.path());
        EXPECT_EQ(program.status(), 0) << program.messages();
        return said;
    }
    void expect_the_same_run() {
        const Result alone = turnpike(arguments("alone"));
        ASSERT_EQ(alone.status, 0) << alone.err;
        EXPECT_EQ(read_text(folder.path() / "alone" / "stats.json"),
                  read_text(folder.path() / "debugged" / "stats.json"));
    }
    const std::string kElf = std::string(GDB_PROGRAMS) + "/gdb_cores.elf";
    TemporaryFolder folder;
    Scenario scenario{folder.path() / "s"};
};

TEST_P(GdbCores, AreThreadsEachWithItsOwnStackAndBreakpoints) {
    const std::string said = session(
        "info threads\nbreak work if core == 2\ncontinue\ninfo threads\nthread apply all backtrace 2\nprint core\n"
        "delete\nbreak work if core == 3\ncontinue\nthread\ndelete\ncontinue\n");
    EXPECT_THAT(said, ContainsRegex("4 +Thread 4 \\(core 3, not started\\)"));
    EXPECT_THAT(said, HasSubstr("Thread 3 hit Breakpoint 1, work (core=2)"));
    EXPECT_THAT(said, ContainsRegex("\\* 3 +Thread 3 \\(core 2\\)"));
    EXPECT_THAT(said, ContainsRegex("#1 .*in core_main \\(core=0\\)"));
    EXPECT_THAT(said, HasSubstr("Thread 4 hit Breakpoint 2, work (core=3)"));
    EXPECT_THAT(said, HasSubstr("[Current thread is 4 (Thread 4)]"));
    EXPECT_THAT(said, HasSubstr("exited normally"));
    expect_the_same_run();
}

// Each hit makes gdb step over the breakpoint with all other cores, as it thinks, held.
TEST_P(GdbCores, ABreakpointCountsEveryPassOfEveryCore) {
    const std::string said =
        session("break *&work\nignore 1 100000\nbreak finish\ncontinue\ninfo breakpoints\ndelete\ncontinue\n");
    EXPECT_THAT(said, HasSubstr("breakpoint already hit 200 times"));  // four cores, fifty rounds
    expect_the_same_run();
}

TEST_P(GdbCores, ABreakpointOnALockedInstructionCountsEveryTry) {
    const std::string said = session(
        "break *&try_lock\nignore 1 1000000\nbreak finish\ncontinue\ninfo breakpoints\nprint $bpnum\n"
        "python\nhits = [b.hit_count for b in gdb.breakpoints() if b.number == 1][0]\n"
        "tries = int(gdb.parse_and_eval('$rdi'))\nprint('hits %d of %d: %s' % (hits, tries, hits == tries and tries >= "
        "200))\n"
        "end\ndelete\ncontinue\n");
    EXPECT_THAT(said, ContainsRegex("hits [0-9]+ of [0-9]+: True"));
    expect_the_same_run();
}

TEST_P(GdbCores, OneIsSteppedWhileTheOthersGoOn) {
    const std::string said = session(
        "break work if core == 1\ncontinue\ndelete\nprint/x $pc\nstepi\nthread\nprint/x "
        "$pc\nstepi\nthread\nnext\nfinish\n"
        "thread\nthread 3\nstepi\nthread\nset scheduler-locking on\nstepi\nstepi\nthread\nset scheduler-locking off\n"
        "continue\n");
    EXPECT_THAT(said, HasSubstr("in core_main (core=1)"));
    EXPECT_THAT(said, HasSubstr("[Current thread is 2 (Thread 2)]"));
    EXPECT_THAT(said, HasSubstr("[Current thread is 3 (Thread 3)]"));
    EXPECT_THAT(said, Not(HasSubstr("[Current thread is 1 (Thread 1)]")));
    EXPECT_THAT(said, HasSubstr("none can be held back"));
    EXPECT_THAT(said, HasSubstr("exited normally"));
    expect_the_same_run();
}

TEST_P(GdbCores, AWatchpointNamesTheCoreThatWrites) {
    const std::string said = session(
        "watch counter if counter == 7\ncontinue\nbacktrace 1\nrwatch finished\ndelete "
        "1\ncontinue\ndelete\ncontinue\n");
    EXPECT_THAT(said, ContainsRegex("hit Hardware watchpoint 1: counter\n\nOld value = 6\nNew value = 7"));
    EXPECT_THAT(said, ContainsRegex("#0 .*work \\(core="));
    EXPECT_THAT(said, HasSubstr("hit Hardware read watchpoint 2: finished"));
    expect_the_same_run();
}

INSTANTIATE_TEST_SUITE_P(Profiles, GdbCores, testing::Values("simple", "zen5"));

}  // namespace
}  // namespace turnpike::test
