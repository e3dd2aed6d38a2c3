// SPDX-License-Identifier: Apache-2.0
// Runs samples on the host's own processor, in a child process that can do nothing but compute (seccomp's strict mode).
#pragma once
#include <sys/types.h>

#include <memory>
#include <span>
#include <string>

#include "tests/cpu/host/sample.h"

namespace turnpike::host {

class HostProcess {
  public:
    static constexpr std::size_t kBatch = 256;  ///< samples in one exchange

    /// Throws std::runtime_error where the child cannot be set up.
    explicit HostProcess(const std::vector<u8>& pool);
    ~HostProcess();
    HostProcess(const HostProcess&) = delete;
    HostProcess& operator=(const HostProcess&) = delete;

    /// Empty: this host can run samples; else the reason why not.
    static std::string unavailable();

    /// At most kBatch samples. Throws std::runtime_error when the child dies or does not answer in time.
    void run(std::span<const Sample> samples, std::span<Outcome> outcomes);
    Outcome run(const Sample& sample);

  private:
    struct Shared;
    [[noreturn]] void serve();

    const std::vector<u8>& pool_;
    Shared* shared_ = nullptr;
    pid_t child_ = -1;
    int to_child_[2] = {-1, -1};
    int from_child_[2] = {-1, -1};
};

}  // namespace turnpike::host
