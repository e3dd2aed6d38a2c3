// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace turnpike::diff {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};
volatile std::sig_atomic_t g_signal = 0;
std::array<struct sigaction, kSignals.size()> g_previous;

void remember_signal(int signal) { g_signal = signal; }

/// stdin from nowhere, both outputs to one descriptor; everything undone at the end.
class SpawnSetup {
  public:
    explicit SpawnSetup(int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    }
    ~SpawnSetup() { posix_spawn_file_actions_destroy(&actions_); }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;
    const posix_spawn_file_actions_t* actions() const { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_;
};

pid_t spawn(const std::vector<std::string>& arguments, int output) {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const SpawnSetup setup(output);
    pid_t child = 0;
    const int error = posix_spawnp(&child, argv[0], setup.actions(), nullptr, argv.data(), environ);
    if (error != 0) throw EnvironmentError(fmt::format("cannot run '{}': {}", arguments[0], std::strerror(error)));
    return child;
}

/// Reads until every writer is gone.
std::string read_all(int descriptor) {
    std::string text;
    std::array<char, 4096> chunk;
    for (;;) {
        const ssize_t got = read(descriptor, chunk.data(), chunk.size());
        if (got > 0) text.append(chunk.data(), static_cast<std::size_t>(got));
        if (got == 0 || (got < 0 && (errno != EINTR || g_signal != 0))) return text;
    }
}

int wait_for(pid_t child) {
    int status = 0;
    bool told = false;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        if (g_signal != 0 && !told) {
            kill(child, SIGTERM);
            told = true;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

ProcessResult run_into_pipe(const std::vector<std::string>& arguments) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) < 0) throw EnvironmentError(fmt::format("pipe: {}", std::strerror(errno)));
    pid_t child = 0;
    try {
        child = spawn(arguments, ends[1]);
    } catch (...) {
        close(ends[0]);
        close(ends[1]);
        throw;
    }
    close(ends[1]);
    std::string output = read_all(ends[0]);
    close(ends[0]);
    const int status = wait_for(child);
    return {status, std::move(output)};
}

ProcessResult run_into_file(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
    const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) throw EnvironmentError(fmt::format("cannot write {}: {}", log.string(), std::strerror(errno)));
    pid_t child = 0;
    try {
        child = spawn(arguments, file);
    } catch (...) {
        close(file);
        throw;
    }
    close(file);
    return {wait_for(child), {}};
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& arguments, const std::filesystem::path& log) {
    check_interrupted();
    ProcessResult result = log.empty() ? run_into_pipe(arguments) : run_into_file(arguments, log);
    check_interrupted();
    return result;
}

InterruptGuard::InterruptGuard() {
    struct sigaction action {};
    action.sa_handler = remember_signal;
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &action, &g_previous[i]);
}

InterruptGuard::~InterruptGuard() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &g_previous[i], nullptr);
}

void check_interrupted() {
    if (g_signal != 0) throw EnvironmentError(fmt::format("stopped by signal {}", static_cast<int>(g_signal)));
}

TemporaryDirectory::TemporaryDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "turnpike-diff-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) {
        throw EnvironmentError(fmt::format("cannot make a directory {}: {}", pattern, std::strerror(errno)));
    }
    path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace turnpike::diff
