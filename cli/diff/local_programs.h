// SPDX-License-Identifier: Apache-2.0
// [[local]] programs on the real kernel: the firmware's own (sw/user), each a process in the router's namespace. They
// know nothing but system calls, whose numbers and meanings are Linux's.
#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "config/router_script.h"

namespace turnpike::diff {

class LocalPrograms {
  public:
    /// Starts them in the calling thread's namespace and waits until each has done what it does before zero: a service
    /// has its socket, all others wait. `ports`: names of the interfaces, from interface index 2 on.
    LocalPrograms(const std::vector<config::Command>& tasks, const std::vector<std::string>& ports);
    /// Ends those that still run.
    ~LocalPrograms();
    LocalPrograms(const LocalPrograms&) = delete;
    LocalPrograms& operator=(const LocalPrograms&) = delete;

    /// Zero of their clocks.
    void begin(std::chrono::steady_clock::time_point zero);

  private:
    void start(const config::Command& task, const std::vector<std::string>& ports);
    void wait_until_ready();

    struct Shared;
    Shared* shared_;
    std::vector<pid_t> children_;
};

}  // namespace turnpike::diff
