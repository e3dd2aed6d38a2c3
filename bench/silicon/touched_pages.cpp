// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/touched_pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>

namespace turnpike::silicon {
TouchedPages::TouchedPages() {
    for (u32 slot = 0; slot < kPageWords; ++slot) words_[slot] = first_word(slot);
}

void TouchedPages::clear(u32 most) {
    for (u32 n = 0; n < count_; ++n) munmap(at_address(pages_[n]), kPageBytes);
    count_ = 0;
    most_ = std::min(most, kMost);
}

Failure TouchedPages::touch(u64 address) {
    if (count_ == most_) return Failure::too_many_pages;
    const u64 page = address / kPageBytes * kPageBytes;
    constexpr int kHow = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    if (mmap(at_address(page), kPageBytes, PROT_READ | PROT_WRITE, kHow, -1, 0) != at_address(page)) {
        return Failure::no_such_page;
    }
    std::memcpy(at_address(page), words_.data(), kPageBytes);
    pages_[count_++] = page;
    return Failure::none;
}

void TouchedPages::restore() const {
    for (u32 n = 0; n < count_; ++n) std::memcpy(at_address(pages_[n]), words_.data(), kPageBytes);
}

}  // namespace turnpike::silicon
