// SPDX-License-Identifier: Apache-2.0
// A performance counter of this process's core cycles that RDPMC can read, where the system allows one.
#pragma once
#include "bench/silicon/job.h"

struct perf_event_mmap_page;

namespace turnpike::silicon {

class CycleCounter {
  public:
    /// Leaves it closed where `wanted` is false or the system refuses; `report` says which.
    explicit CycleCounter(bool wanted);
    const ClockReport& report() const { return report_; }
    /// The counter that was reported still counts.
    bool alive() const;

  private:
    int open();
    ClockReport report_{};
    const perf_event_mmap_page* page_ = nullptr;
};

}  // namespace turnpike::silicon
