// SPDX-License-Identifier: Apache-2.0
// gdb itself at a run: what it sees, and that the run does not notice.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "tests/run/program.h"

extern char** environ;

namespace turnpike::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

bool have_gdb() { return std::system("gdb --version > /dev/null 2>&1") == 0; }

/// `turnpike run … --gdb 0` in the background.
class DebuggedRun {
  public:
    DebuggedRun(const fs::path& scenario, const fs::path& out, const fs::path& messages) : messages_(messages) {
        std::vector<std::string> words{TURNPIKE_PROGRAM, "run",        scenario.string(), "--quiet",
                                       "--out",          out.string(), "--gdb",           "0"};
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_addopen(&actions, 2, messages.c_str(), O_WRONLY | O_CREAT, 0600);
        EXPECT_EQ(posix_spawn(&child_, argv[0], &actions, nullptr, argv.data(), environ), 0);
        posix_spawn_file_actions_destroy(&actions);
    }
    /// The port that it tells; empty where it ended without.
    std::string port() const {
        const std::string before = "127.0.0.1:";
        for (;;) {
            const std::string text = read_text(messages_);
            const std::size_t at = text.find(before);
            if (at != std::string::npos && text.find('\n', at) != std::string::npos)
                return text.substr(at + before.size(), text.find('\'', at) - at - before.size());
            siginfo_t info{};
            if (waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0)
                return {};
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }
    int status() {
        int status = 0;
        waitpid(child_, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

  private:
    fs::path messages_;
    pid_t child_ = 0;
};

class Gdb : public testing::Test {
  protected:
    void SetUp() override {
        if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
        for (unsigned n = 0; n < 40; ++n) {
            UdpFrame frame;
            frame.id = static_cast<std::uint16_t>(0x1234 + n);
            frame.ttl = 33;
            scenario.add(0, 50'000 + n * 20'000, frame.bytes());
        }
        scenario.write();
    }
    /// A session with these commands; what gdb said.
    std::string session(const std::string& commands) {
        DebuggedRun run(scenario.folder, folder.path() / "debugged", folder.path() / "messages");
        const fs::path script = folder.path() / "script";
        write_text(script, "set pagination off\nset confirm off\nset width 0\ntarget remote 127.0.0.1:" + run.port() +
                               "\n" + commands);
        const fs::path said = folder.path() / "said";
        const std::string command = "gdb -nx -batch -x '" + script.string() + "' '" TURNPIKE_FIRMWARE "' > '" +
                                    said.string() + "' 2>&1 < /dev/null";
        EXPECT_EQ(std::system(command.c_str()), 0);
        status = run.status();
        return read_text(said);
    }
    void expect_the_same_run() {
        const fs::path alone = folder.path() / "alone";
        const Result result = turnpike({"run", scenario.folder.string(), "--quiet", "--out", alone.string()});
        ASSERT_EQ(result.status, 0) << result.err;
        for (const char* file : {"eth0.pcap", "eth1.pcap", "stats.json", "console.txt"})
            EXPECT_EQ(read_text(alone / file), read_text(folder.path() / "debugged" / file)) << file;
    }
    TemporaryFolder folder;
    Scenario scenario{folder.path() / "s"};
    int status = -1;
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

TEST_F(Gdb, KillingEndsTheRunWithStatusOne) {
    session("break ip_forward\ncontinue\nkill\n");
    EXPECT_EQ(status, 1);
    EXPECT_THAT(read_text(folder.path() / "messages"), HasSubstr("gdb ended the run"));
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
