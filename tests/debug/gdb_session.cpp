// SPDX-License-Identifier: Apache-2.0
#include "tests/debug/gdb_session.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <thread>

extern char** environ;

namespace turnpike::test {
namespace {

pid_t start(std::vector<std::string> words, const fs::path& out, const fs::path& err) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (err == out)
        posix_spawn_file_actions_adddup2(&actions, 1, 2);
    else
        posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t child = 0;
    EXPECT_EQ(posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ), 0) << argv[0];
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

int wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void nap() { std::this_thread::sleep_for(std::chrono::milliseconds(5)); }

}  // namespace

bool have_gdb() { return std::system("gdb --version > /dev/null 2>&1") == 0; }

DebuggedProgram::DebuggedProgram(const std::vector<std::string>& arguments, fs::path folder)
    : folder_(std::move(folder)) {
    std::vector<std::string> words{TURNPIKE_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    words.insert(words.end(), {"--gdb", "0"});
    child_ = start(std::move(words), folder_ / "out", folder_ / "messages");
}

DebuggedProgram::~DebuggedProgram() {
    if (child_ == 0) return;
    kill(child_, SIGKILL);
    wait_for(child_);
}

bool DebuggedProgram::ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(child_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

/// proc(5), /proc/pid/stat: field 14, user time; the name in field 2 may hold spaces.
unsigned long DebuggedProgram::ticks() const {
    const std::string text = read_text("/proc/" + std::to_string(child_) + "/stat");
    std::istringstream fields(text.substr(text.rfind(')') + 1));
    std::string skipped;
    for (unsigned n = 3; n < 14; ++n) fields >> skipped;
    unsigned long value = 0;
    fields >> value;
    return value;
}

std::string DebuggedProgram::port() const {
    const std::string before = "127.0.0.1:";
    for (;; nap()) {
        const std::string text = messages();
        const std::size_t at = text.find(before);
        if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
            ticks_before_ = ticks();
            return text.substr(at + before.size(), text.find('\'', at) - at - before.size());
        }
        if (ended()) return {};
    }
}

void DebuggedProgram::wait_until_busy() const {
    constexpr unsigned long kTicks = 10;  // a tenth of a second
    while (!ended() && ticks() < ticks_before_ + kTicks) nap();
}

int DebuggedProgram::status() {
    const int status = wait_for(child_);
    child_ = 0;
    return status;
}

std::string run_gdb(const DebuggedProgram& program, const fs::path& elf, const std::string& commands,
                    const fs::path& folder, const std::function<void(pid_t)>& meanwhile) {
    const fs::path script = folder / "script", said = folder / "said";
    write_text(script,
               "set pagination off\nset confirm off\nset width 0\nset print entry-values no\ntarget remote 127.0.0.1:" +
                   program.port() + "\n" + commands);
    const pid_t gdb = start({"gdb", "-nx", "-batch", "-x", script.string(), elf.string()}, said, said);
    if (meanwhile) meanwhile(gdb);
    const int status = wait_for(gdb);
    EXPECT_EQ(status, 0) << read_text(said);
    return read_text(said);
}

}  // namespace turnpike::test
