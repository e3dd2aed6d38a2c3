// SPDX-License-Identifier: Apache-2.0
// Runs other programs. A child inherits the calling thread's network namespace.
#pragma once
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace turnpike::diff {

/// Something about this machine or its programs stands in the way: exit status 2.
class EnvironmentError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct ProcessResult {
    int status;          ///< exit status; 128 + signal when killed by one
    std::string output;  ///< what it wrote to stderr, and to stdout when that was not redirected
};

/// Runs `arguments[0]`, found by PATH, to its end. With `log` both outputs go to that file, else into the result.
/// Throws EnvironmentError when the program cannot be started.
ProcessResult run_process(const std::vector<std::string>& arguments, const std::filesystem::path& log = {});

/// Makes SIGINT, SIGTERM and SIGHUP end waits instead of the process, so that what was made is taken away again.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;
};
/// Throws EnvironmentError once a signal has come.
void check_interrupted();

/// A directory that is removed with all that is in it.
class TemporaryDirectory {
  public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace turnpike::diff
