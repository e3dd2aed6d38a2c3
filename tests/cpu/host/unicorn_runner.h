// SPDX-License-Identifier: Apache-2.0
// Runs samples on Unicorn (QEMU's translator), for comparison only: the host decides what is right.
#pragma once
#include "tests/cpu/host/sample.h"

struct uc_struct;

namespace turnpike::host {

class UnicornRunner {
  public:
    explicit UnicornRunner(const std::vector<u8>& pool);
    ~UnicornRunner();
    UnicornRunner(const UnicornRunner&) = delete;
    UnicornRunner& operator=(const UnicornRunner&) = delete;

    Outcome run(const Sample& sample);

  private:
    void open();

    const std::vector<u8>& pool_;
    uc_struct* engine_ = nullptr;
    std::size_t hook_ = 0;
    u64 exception_ = kNoException;
    unsigned runs_ = 0;
};

}  // namespace turnpike::host
