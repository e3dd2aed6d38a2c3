// SPDX-License-Identifier: Apache-2.0
// gdb itself at `turnpike exec`: what it sees of a program, and that the program does not notice.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/debug/gdb_session.h"

namespace turnpike::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const fs::path kPrograms = GDB_PROGRAMS;

class GdbExec : public testing::Test {
  protected:
    void SetUp() override {
        if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
    }
    std::vector<std::string> arguments(const std::string& name) const {
        return {"exec", (kPrograms / (name + ".elf")).string(), "--cpu", cpu, "--json"};
    }
    std::string session(const std::string& name, const std::string& commands) {
        DebuggedProgram program(arguments(name), folder.path());
        const std::string said = run_gdb(program, kPrograms / (name + ".elf"), commands, folder.path());
        status = program.status();
        out = program.out();
        return said;
    }
    /// Counts, output and status.
    void expect_the_same_without_gdb(const std::string& name) {
        const Result alone = turnpike(arguments(name));
        EXPECT_EQ(alone.status, status);
        EXPECT_EQ(alone.out, out);
    }
    TemporaryFolder folder;
    std::string cpu = "simple";
    int status = -1;
    std::string out;
};

TEST_F(GdbExec, AProgramIsSteppedPrintedAndWatchedToItsExitStatus) {
    const std::string said = session("gdb_steps",
                                     "break main\ncontinue\nnext\nnext\nbreak add\ncontinue\nprint a\nprint b\nstep\n"
                                     "print sum\nfinish\nprint total\nwatch total\ncontinue\nprint total\ndelete\n"
                                     "continue\n");
    EXPECT_EQ(status, 7);  // 1 + 2 + 3 and 1
    EXPECT_THAT(said, HasSubstr("Breakpoint 1, main ()"));
    EXPECT_THAT(said, HasSubstr("Breakpoint 2, add (a=0, b=1)"));
    EXPECT_THAT(said, HasSubstr("$1 = 0"));
    EXPECT_THAT(said, HasSubstr("$2 = 1"));
    EXPECT_THAT(said, HasSubstr("$3 = 1"));  // sum
    EXPECT_THAT(said, HasSubstr("Value returned is $4 = 1"));
    EXPECT_THAT(said, HasSubstr("Hardware watchpoint 3: total"));
    EXPECT_THAT(said, ContainsRegex("exited with code 07"));
    expect_the_same_without_gdb("gdb_steps");
}

TEST_F(GdbExec, AWatchpointTellsOldAndNewValueAtTheStatementThatWrites) {
    const std::string said =
        session("gdb_steps",
                "watch total\ncontinue\ncontinue\nbacktrace\nawatch total\ndelete 1\ncontinue\ndelete\ncontinue\n");
    EXPECT_EQ(status, 7);
    EXPECT_THAT(said, ContainsRegex("Old value = 0\nNew value = 1\n"));
    EXPECT_THAT(said, ContainsRegex("Old value = 1\nNew value = 3\n"));
    EXPECT_THAT(said, ContainsRegex("#0 .*add \\(a=1, b=2\\)"));
    EXPECT_THAT(said, ContainsRegex("#1 .*main \\(\\)"));
    EXPECT_THAT(said, HasSubstr("Hardware access (read/write) watchpoint 2: total"));
    expect_the_same_without_gdb("gdb_steps");
}

TEST_F(GdbExec, TheTimedCoreOfAProfileTakesTheSameCyclesUnderGdb) {
    cpu = "zen5";
    const std::string said =
        session("gdb_hello",
                "break fibonacci\nignore 1 200\ncontinue\nstepi 50\nmonitor stats\ninfo breakpoints\n"
                "watch -location *(long*)$sp\ndelete 1\ncontinue\ndelete\ncontinue\n");
    EXPECT_EQ(status, 0);
    EXPECT_THAT(said, ContainsRegex("hit 20[0-9] times"));
    EXPECT_THAT(said, HasSubstr("Hardware watchpoint 2: -location *(long*)$sp"));
    EXPECT_THAT(said, HasSubstr("Old value"));
    EXPECT_THAT(said, HasSubstr("mispredicted"));
    expect_the_same_without_gdb("gdb_hello");
}

TEST_F(GdbExec, ABreakpointDoesNotChangeTheMemoryThatItIsSetIn) {
    const std::string said = session("gdb_steps",
                                     "x/2xb &add\nset breakpoint always-inserted on\nbreak *&add\nhbreak *(&add+1)\n"
                                     "maintenance set show-debug-regs off\ncontinue\nmaintenance flush-symbol-cache\n"
                                     "maintenance packet m1,1\nx/i $pc\ncontinue\ndelete\ncontinue\n");
    // push rbp; mov rbp, rsp
    EXPECT_THAT(said, ContainsRegex("<add>:\t0x55\t0x48"));
    EXPECT_THAT(said, ContainsRegex("=> 0x[0-9a-f]+ <add>:\tpush   %rbp"));
    EXPECT_THAT(said, HasSubstr("Hardware assisted breakpoint 2"));
    EXPECT_THAT(said, HasSubstr("Breakpoint 2, "));
    expect_the_same_without_gdb("gdb_steps");
}

TEST_F(GdbExec, RegistersAreShownAndWritten) {
    const std::string said = session(
        "gdb_steps",
        "print $cr0\nprint $cr3\nprint $efer\nprint/x $cs\nset $fs_base = 0x123000\n"
        "print/x $fs_base\nbreak add\ncontinue\nset $rdi = 40\nprint/x $edi\n"
        "set $pc = $pc\npython\ntry: gdb.execute('set $cr3 = 4096')\n"
        "except gdb.error as e: print('refused: ' + str(e))\nend\nprint $cr3\nset $eflags = 0x243\nprint $eflags\n"
        "info registers\nset variable b = 2\ndelete\nfinish\ncontinue\n");
    // The core starts in 64-bit mode (SDM volume 3, 2.2.1, 2.5): PE, ET, PG; LME and LMA.
    EXPECT_THAT(said, HasSubstr("$1 = [ PE ET PG ]"));
    EXPECT_THAT(said, HasSubstr("$2 = 0"));
    EXPECT_THAT(said, HasSubstr("$3 = [ LME LMA ]"));
    EXPECT_THAT(said, HasSubstr("$4 = 0x8"));
    EXPECT_THAT(said, HasSubstr("$5 = 0x123000"));
    EXPECT_THAT(said, HasSubstr("$6 = 0x28"));
    EXPECT_THAT(said, HasSubstr("refused: Could not write register \"cr3\""));
    EXPECT_THAT(said, HasSubstr("$7 = 0"));
    EXPECT_THAT(said, HasSubstr("$8 = [ CF ZF IF ]"));
    EXPECT_THAT(said, HasSubstr("k_gs_base"));
    EXPECT_THAT(said, HasSubstr("Value returned is $9 = 2"));  // add(0, 2)
    EXPECT_EQ(status, 8);                                      // 2 + 2 + 3 and 1
}

TEST_F(GdbExec, GoingBackwardsIsRefusedInWords) {
    DebuggedProgram program(arguments("gdb_steps"), folder.path());
    write_text(folder.path() / "reverse", "reverse-stepi\n");
    const std::string said =
        run_gdb(program, kPrograms / "gdb_steps.elf",
                "python\ntry: gdb.execute('reverse-stepi')\nexcept gdb.error as e: print('refused: ' + str(e))\nend\n"
                "continue\n",
                folder.path());
    EXPECT_THAT(said, HasSubstr("refused: Target remote does not support this command."));
    EXPECT_EQ(program.status(), 7);
}

TEST_F(GdbExec, CtrlCStopsARunningProgramAndItGoesOnAsGdbLikes) {
    DebuggedProgram program(arguments("gdb_endless"), folder.path());
    const std::string said =
        run_gdb(program, kPrograms / "gdb_endless.elf", "continue\nprint spins > 0\nset variable go = 1\ncontinue\n",
                folder.path(), [&](pid_t gdb) {
                    program.wait_until_busy();
                    kill(gdb, SIGINT);
                });
    EXPECT_THAT(said, HasSubstr("Program received signal SIGINT"));
    EXPECT_THAT(said, HasSubstr("$1 = 1"));
    EXPECT_THAT(said, HasSubstr("exited with code 011"));  // octal
    EXPECT_EQ(program.status(), 9);
}

TEST_F(GdbExec, AfterDetachingAnotherGdbFindsTheProgramRunning) {
    DebuggedProgram program(arguments("gdb_endless"), folder.path());
    run_gdb(program, kPrograms / "gdb_endless.elf", "break main\ncontinue\ndetach\n", folder.path());
    program.wait_until_busy();
    const std::string said = run_gdb(program, kPrograms / "gdb_endless.elf",
                                     "info breakpoints\nbacktrace\nset variable go = 1\ncontinue\n", folder.path());
    EXPECT_THAT(said, HasSubstr("main () at"));
    EXPECT_THAT(said, HasSubstr("exited with code 011"));
    EXPECT_EQ(program.status(), 9);
}

TEST_F(GdbExec, KillEndsTheProgram) {
    DebuggedProgram program(arguments("gdb_endless"), folder.path());
    run_gdb(program, kPrograms / "gdb_endless.elf", "break main\ncontinue\nkill\n", folder.path());
    EXPECT_EQ(program.status(), 1);
}

TEST_F(GdbExec, MonitorSaysWhatItCanDo) {
    const std::string said = session("gdb_steps", "monitor help\nmonitor time\nmonitor nonsense\ncontinue\n");
    EXPECT_THAT(said, HasSubstr("stats    what the program has taken"));
    EXPECT_THAT(said, HasSubstr("0 cycles"));
    EXPECT_THAT(said, HasSubstr("found 'nonsense', expected one of:"));
}

}  // namespace
}  // namespace turnpike::test
