// SPDX-License-Identifier: Apache-2.0
// Measures basic blocks on this machine's processor, in a process of their own: a block that faults, loops or calls the
// system has no figure but a reason.
#pragma once
#include <sys/types.h>

#include <optional>
#include <span>
#include <string>

#include "bench/silicon/calibration.h"
#include "bench/silicon/job.h"

namespace turnpike::silicon {

struct Measuring {
    unsigned passes = 25;
    unsigned samples = 8;  ///< of each run in a pass, an even number
    bool want_counter = true;
    std::optional<unsigned> cpu;
};

struct Measured {
    std::optional<Figure> figure;
    unsigned pages = 0;  ///< that the block touched
    u64 instructions = 0;
    std::string tags;
    std::string failure;  ///< where there is no figure
};

class BlockProcess {
  public:
    /// Throws std::runtime_error where the process cannot be set up.
    explicit BlockProcess(const Measuring& measuring);
    ~BlockProcess();
    BlockProcess(const BlockProcess&) = delete;
    BlockProcess& operator=(const BlockProcess&) = delete;

    Measured measure(std::span<const u8> block);
    /// "the time-stamp counter (no performance counter: …)"
    std::string clock() const;

  private:
    void start();
    void stop();
    /// Waits for a byte of the process; false: it has died or says nothing for too long.
    bool answered();
    std::string run_job();

    Measuring measuring_;
    unsigned most_pages_;
    Shared* shared_ = nullptr;
    pid_t process_ = -1;
    int requests_ = -1, answers_ = -1;
};

}  // namespace turnpike::silicon
