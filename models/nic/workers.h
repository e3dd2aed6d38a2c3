// SPDX-License-Identifier: Apache-2.0
// Processes that share one kind of work, so that several bus transactions are under way at once. Only as many run as
// there is work for.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "models/core/process.h"

namespace turnpike::nic {

class Workers {
  public:
    /// `work` takes one piece of work and does it; false: there was none.
    Workers(const std::string& name, unsigned count, std::function<Task<bool>()> work);
    /// There may be work: wakes one idle process, if there is one.
    void wake();

  private:
    struct Idle {
        Workers& workers;
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> process) { workers.idle_.push_back(process); }
        void await_resume() const {}
    };
    Process run();
    void start_woken();

    std::function<Task<bool>()> work_;
    std::vector<std::coroutine_handle<>> idle_, woken_, starting_;
    Alarm alarm_;
    std::vector<Process> processes_;
};

}  // namespace turnpike::nic
