// SPDX-License-Identifier: Apache-2.0
#include "cli/wave/record_again.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace turnpike {
namespace {

constexpr std::uint64_t kPsPerUs = 1'000'000;
constexpr std::uint64_t kRecordedUs = 5;

std::vector<std::string> command_line() {
    std::ifstream in("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> words;
    for (std::string word; std::getline(in, word, '\0');) words.push_back(word);
    return words;
}

/// Without a word to the terminal: this run has said it all.
void run_silently(std::vector<std::string> words) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t silent;
    posix_spawn_file_actions_init(&silent);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        posix_spawn_file_actions_addopen(&silent, stream, "/dev/null", O_RDWR, 0);
    pid_t child = 0;
    if (posix_spawn(&child, "/proc/self/exe", &silent, nullptr, arguments.data(), environ) == 0)
        waitpid(child, nullptr, 0);
    posix_spawn_file_actions_destroy(&silent);
}

}  // namespace

void record_again(std::uint64_t ps, const std::filesystem::path& file) {
    std::vector<std::string> words = command_line();
    if (std::any_of(words.begin(), words.end(), [](const std::string& word) { return word.starts_with("--wave"); }))
        return;
    const std::uint64_t last_us = ps / kPsPerUs + 1;
    const std::uint64_t first_us = last_us > kRecordedUs ? last_us - kRecordedUs : 0;
    words.insert(words.end(), {"--wave", file.string(), "--wave-start", fmt::format("{}us", first_us), "--wave-stop",
                               fmt::format("{}us", last_us), "--wave-from-power-on"});
    run_silently(words);
    fmt::print(stderr, "turnpike: waveform of the last {} us, times from power-on: {}\n", last_us - first_us,
               file.string());
}

}  // namespace turnpike
