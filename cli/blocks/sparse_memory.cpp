// SPDX-License-Identifier: Apache-2.0
#include "cli/blocks/sparse_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <vector>

namespace turnpike::blocks {
namespace {

constexpr std::uint64_t kPatternBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kPageWords = 512;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::vector<std::uint64_t> pattern_page() {
    std::vector<std::uint64_t> words(kPageWords);
    for (std::uint32_t slot = 0; slot < kPageWords; ++slot) {
        words[slot] = 0x10020800 + 0x40 * (((slot * 0x9E3779B1U) >> 16) & 15);
    }
    return words;
}

}  // namespace

SparseMemory::SparseMemory() {
    file_ = memfd_create("pages", MFD_CLOEXEC);
    if (file_ < 0) fail("memory for blocks");
    const auto page = pattern_page();
    for (std::uint64_t at = 0; at < kPatternBytes; at += kPageWords * 8) {
        if (pwrite(file_, page.data(), kPageWords * 8, static_cast<off_t>(at)) < 0) fail("memory for blocks");
    }
    map_pattern();
}

/// One file holds the pattern; private mappings of it, side by side, make pages of their own where they are written.
void SparseMemory::map_pattern() {
    void* whole = mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (whole == MAP_FAILED) fail("memory for blocks");
    data_ = static_cast<std::uint8_t*>(whole);
    for (std::uint64_t at = 0; at < kBytes; at += kPatternBytes) {
        void* part =
            mmap(data_ + at, kPatternBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, file_, 0);
        if (part == MAP_FAILED) fail("memory for blocks");
    }
}

SparseMemory::~SparseMemory() {
    if (data_ != nullptr) munmap(data_, kBytes);
    if (file_ >= 0) close(file_);
}

void SparseMemory::restore() {
    // A page that is dropped comes back from the file when it is next looked at.
    if (madvise(data_, kCodeBegin, MADV_DONTNEED) != 0) fail("restoring memory");
    if (madvise(data_ + kCodeEnd, kBytes - kCodeEnd, MADV_DONTNEED) != 0) fail("restoring memory");
}

}  // namespace turnpike::blocks
