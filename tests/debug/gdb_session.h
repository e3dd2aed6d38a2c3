// SPDX-License-Identifier: Apache-2.0
// gdb itself at the `turnpike` program: starts both and tells what they said.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/run/program.h"

namespace turnpike::test {

bool have_gdb();

/// `turnpike ARGS… --gdb 0` in the background.
class DebuggedProgram {
  public:
    /// What it prints goes to `out` and `messages` in the folder.
    DebuggedProgram(const std::vector<std::string>& arguments, fs::path folder);
    ~DebuggedProgram();
    DebuggedProgram(const DebuggedProgram&) = delete;
    DebuggedProgram& operator=(const DebuggedProgram&) = delete;
    /// The port that it tells; empty where it ended without.
    std::string port() const;
    std::string out() const { return read_text(folder_ / "out"); }
    std::string messages() const { return read_text(folder_ / "messages"); }
    /// Waits until it has used this much of the processor since `port` was told: it runs, and is not stopped.
    void wait_until_busy() const;
    /// Waits for its end: its exit status.
    int status();

  private:
    bool ended() const;
    unsigned long ticks() const;

    fs::path folder_;
    pid_t child_ = 0;
    mutable unsigned long ticks_before_ = 0;
};

/// gdb with the symbols of `elf` and a script behind `target remote`; what it said. `meanwhile` is called with its
/// process number while it runs.
std::string run_gdb(const DebuggedProgram& program, const fs::path& elf, const std::string& commands,
                    const fs::path& folder, const std::function<void(pid_t)>& meanwhile = nullptr);

}  // namespace turnpike::test
