// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/cycle_counter.h"

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace turnpike::silicon {

CycleCounter::CycleCounter(bool wanted) {
    report_.mask = ~u64{0};
    report_.error = wanted ? open() : 0;
}

/// 0 or the reason. perf_event_open(2): `index` is the counter's RDPMC number plus one, 0 while it does not count.
int CycleCounter::open() {
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof attributes;
    attributes.config = PERF_COUNT_HW_CPU_CYCLES;
    attributes.pinned = 1;
    attributes.exclude_kernel = 1;
    attributes.exclude_hv = 1;
    const int file = static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
    if (file < 0) return errno;
    void* const page = mmap(nullptr, kPageBytes, PROT_READ, MAP_SHARED, file, 0);
    if (page == MAP_FAILED) return errno;
    page_ = static_cast<const perf_event_mmap_page*>(page);
    if (page_->cap_user_rdpmc == 0 || page_->index == 0) return EOPNOTSUPP;
    report_.counter = true;
    report_.number = page_->index - 1;
    report_.mask = (u64{1} << page_->pmc_width) - 1;
    return 0;
}

bool CycleCounter::alive() const { return !report_.counter || page_->index == report_.number + 1; }

}  // namespace turnpike::silicon
