// SPDX-License-Identifier: Apache-2.0
// gdb itself at a run: what it sees, and that the run does not notice.
#include <gmock/gmock.h>
#include <signal.h>

#include "tests/debug/gdb_session.h"

namespace turnpike::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

class Gdb : public testing::Test {
  protected:
    void SetUp() override {
        if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
        write_scenario(40);
    }
    void write_scenario(unsigned frames) {
        for (unsigned n = 0; n < frames; ++n) {
            UdpFrame frame;
            frame.id = static_cast<std::uint16_t>(0x1234 + n);
            frame.ttl = 33;
            scenario.add(0, 50'000 + n * 20'000, frame.bytes());
        }
        scenario.write();
    }
    std::vector<std::string> arguments(const std::string& out) const {
        std::vector<std::string> words{"run", scenario.folder.string(), "--quiet", "--out",
                                       (folder.path() / out).string()};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    /// A session with these commands; what gdb said.
    std::string session(const std::string& commands, const std::function<void(pid_t)>& meanwhile = nullptr) {
        DebuggedProgram run(arguments("debugged"), folder.path());
        return finish(run, run_gdb(run, TURNPIKE_FIRMWARE, commands, folder.path(), meanwhile));
    }
    std::string finish(DebuggedProgram& run, std::string said) {
        status = run.status();
        messages = run.messages();
        return said;
    }
    void expect_the_same_run() {
        const fs::path alone = folder.path() / "alone";
        const Result result = turnpike(arguments("alone"));
        ASSERT_EQ(result.status, 0) << result.err;
        for (const char* file : {"eth0.pcap", "eth1.pcap", "stats.json", "console.txt"})
            EXPECT_EQ(read_text(alone / file), read_text(folder.path() / "debugged" / file)) << file;
    }
    TemporaryFolder folder;
    Scenario scenario{folder.path() / "s"};
    std::vector<std::string> more;
    int status = -1;
    std::string messages;
};

TEST_F(Gdb, ASessionInIpForwardReadsTheSkbStepsAndChangesNoBitOfTheRun) {
    const std::string said = session(
        "break ip_forward\ncontinue\nprint *skb\nx/20xb skb->data\nbacktrace 1\nstepi\nstepi\nnext\nstep\nfinish\n"
        "info registers rip eflags\ndelete\ncontinue\n");
    EXPECT_EQ(status, 0);
    EXPECT_THAT(said, HasSubstr("Breakpoint 1, fw::ip_forward"));
    // IPv4: version and header length, TOS, length 46, identification (RFC 791 3.1); then TTL 33 and UDP.
    EXPECT_THAT(said, ContainsRegex("0x45\t0x00\t0x00\t0x2e\t0x12\t0x34"));
    EXPECT_THAT(said, ContainsRegex("0x21\t0x11"));
    EXPECT_THAT(said, HasSubstr("len = 46"));
    EXPECT_THAT(said, ContainsRegex("exited normally"));
    expect_the_same_run();
}

TEST_F(Gdb, AWatchpointOnTheSkbStopsAtTheTtlAndTheRunIsTheSame) {
    const std::string said = session(
        "break ip_forward\ncontinue\nset $ttl = (unsigned char*)skb->data + 8\nprint *$ttl\nwatch *$ttl\ndelete 1\n"
        "continue\nprint *$ttl\ndelete\nmonitor time\nmonitor frames\ninfo threads\ncontinue\n");
    EXPECT_EQ(status, 0);
    EXPECT_THAT(said, HasSubstr("Old value = 33"));
    EXPECT_THAT(said, HasSubstr("New value = 32"));
    EXPECT_THAT(said, HasSubstr("since time zero"));
    EXPECT_THAT(said, HasSubstr("core 0"));
    expect_the_same_run();
}

TEST_F(Gdb, TheTimedProfileIsDisturbedByNoStep) {
    more = {"--set", "cpu.profile=\"zen5\""};
    const std::string said = session(
        "break ip_forward\nignore 1 5\ncontinue\nprint skb->len\nset $len = &skb->len\nstepi 30\nmonitor stats\nwatch "
        "*$len\n"
        "delete 1\ncontinue\ndelete\ncontinue\n");
    EXPECT_EQ(status, 0);
    EXPECT_THAT(said, HasSubstr("$1 = 46"));
    EXPECT_THAT(said, HasSubstr("mispredicted"));
    EXPECT_THAT(said, HasSubstr("Hardware watchpoint 2: *$len"));
    EXPECT_THAT(said, HasSubstr("exited normally"));
    expect_the_same_run();
}

// The host's clock goes on while gdb looks; a simulated one that followed it would show in the statistics.
TEST_F(Gdb, AStopOfAnyLengthTakesNoSimulatedTime) {
    const std::string said = session(
        "break ip_forward\ncontinue\nmonitor time\nshell sleep 1.2\nmonitor time\nstepi\nshell sleep 0.3\ndelete\n"
        "continue\n");
    const std::size_t first = said.find("simulated "), second = said.find("simulated ", first + 1);
    ASSERT_NE(second, std::string::npos) << said;
    EXPECT_EQ(said.substr(first, said.find('\n', first) - first),
              said.substr(second, said.find('\n', second) - second));
    expect_the_same_run();
}

// ADVRXD.RDESC: the second quadword of a descriptor is 0 until the NIC writes it back (82599 data sheet 7.1.6).
TEST_F(Gdb, AWatchpointOnADescriptorStopsWhenTheNicWritesItAndSaysSo) {
    const std::string said = session(
        "break ixgbe_clean_rx\ncontinue\nset $d = &queue->rx.desc[5].word[1]\nprint *$d\n"
        "watch *(unsigned long*)$d\ndelete 1\ncontinue\nprint *$d & 1\nbacktrace 1\nmonitor time\ndelete\ncontinue\n");
    EXPECT_EQ(status, 0);
    EXPECT_THAT(said, HasSubstr("$1 = 0"));
    EXPECT_THAT(said, ContainsRegex("not a core but eth0_dma wrote 16 bytes at physical 0x[0-9a-f]+, simulated [0-9.]+ "
                                    "us since reset, 1[0-9][0-9][.][0-9]+ us since time zero"));
    EXPECT_THAT(said, HasSubstr("Hardware watchpoint 2: *(unsigned long*)$d"));
    EXPECT_THAT(said, HasSubstr("$2 = 1"));  // DD
    EXPECT_THAT(said, HasSubstr("exited normally"));
    expect_the_same_run();
}

TEST_F(Gdb, CtrlCStopsARunThatGoesOnUnchanged) {
    write_scenario(40'000);
    DebuggedProgram run(arguments("debugged"), folder.path());
    const auto interrupt = [&](pid_t gdb) {
        run.wait_until_busy();
        kill(gdb, SIGINT);
    };
    EXPECT_THAT(finish(run, run_gdb(run, TURNPIKE_FIRMWARE, "continue\nmonitor time\nstepi\ncontinue\n", folder.path(),
                                    interrupt)),
                HasSubstr("Program received signal SIGINT"));
    EXPECT_EQ(status, 0);
    expect_the_same_run();
}

TEST_F(Gdb, DetachingAndComingBackChangesNothing) {
    write_scenario(20'000);
    DebuggedProgram run(arguments("debugged"), folder.path());
    const std::string again = "target remote 127.0.0.1:" + run.port() + "\n";
    const std::string said = finish(run, run_gdb(run, TURNPIKE_FIRMWARE,
                                                 "break ip_forward\ncontinue\ndetach\ndelete\n" + again +
                                                     "monitor frames\nbreak ip_rcv\ncontinue\ndelete\ncontinue\n",
                                                 folder.path()));
    EXPECT_THAT(said, HasSubstr("detached"));
    EXPECT_THAT(said, HasSubstr("Breakpoint 2, fw::ip_rcv"));
    EXPECT_EQ(status, 0);
    expect_the_same_run();
}

TEST_F(Gdb, MonitorTellsAFramesWayAndFate) {
    const std::string said = session(
        "monitor help\nmonitor frame 3\nmonitor frame x\nmonitor frame 40\nbreak ip_forward\nignore 1 9\ncontinue\n"
        "monitor frame 3\nmonitor frame 9\nmonitor frames\ndelete\ncontinue\n");
    EXPECT_THAT(said, HasSubstr("frame N  times and fate of one received frame"));
    EXPECT_THAT(said, HasSubstr("found frame 'x', expected a number below 40"));
    EXPECT_THAT(said, HasSubstr("found frame '40', expected a number below 40"));
    // The fourth frame left long before the tenth came to ip_forward. It has 60 bytes and was told to come at 110 us.
    EXPECT_THAT(said, ContainsRegex("frame 3, 60 bytes, in by port 0: forwarded by port 1\n  arrived +110[.]"));
    EXPECT_THAT(said, ContainsRegex("frame 9, 60 bytes, in by port 0: on its way\n  arrived +230[.]"));
    EXPECT_EQ(status, 0);
    expect_the_same_run();
}

TEST_F(Gdb, KillingEndsTheRunWithStatusOne) {
    session("break ip_forward\ncontinue\nkill\n");
    EXPECT_EQ(status, 1);
    EXPECT_THAT(messages, HasSubstr("gdb ended the run"));
}

TEST(GdbPort, OneThatIsNoneIsTheUsersMistake) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    scenario.write();
    EXPECT_EQ(turnpike({"run", scenario.folder.string(), "--gdb", "70000"}).status, 2);
    EXPECT_EQ(turnpike({"run", scenario.folder.string(), "--gdb", "x"}).status, 2);
}

}  // namespace
}  // namespace turnpike::test
