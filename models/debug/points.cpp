// SPDX-License-Identifier: Apache-2.0
#include "models/debug/points.h"

#include <algorithm>

namespace turnpike::gdb {
namespace {

bool watches(PointKind kind, bool write) { return kind == PointKind::access || (kind == PointKind::write) == write; }

constexpr std::uint64_t kPageBytes = 4096;
/// Each access is compared with each page that is watched.
constexpr std::uint64_t kMostWatched = std::uint64_t{1} << 20;

/// Each page of the watched range may lie elsewhere.
bool meets(const Watchpoint& point, std::uint64_t address, std::uint64_t bytes, const Points::Locate& locate) {
    for (std::uint64_t done = 0; done < point.bytes;) {
        const std::uint64_t at = point.address + done;
        const std::uint64_t size = std::min(point.bytes - done, kPageBytes - at % kPageBytes);
        const std::optional<std::uint64_t> start = locate(at);
        // Unsigned differences: whichever begins first must reach the other one's start.
        if (start && (*start - address < bytes || address - *start < size)) return true;
        done += size;
    }
    return false;
}

}  // namespace

bool Points::insert(PointKind kind, std::uint64_t address, std::uint64_t bytes) {
    if (kind == PointKind::software || kind == PointKind::hardware) {
        (kind == PointKind::software ? software_ : hardware_).insert(address);
        code_.insert(address);
        return true;
    }
    const Watchpoint point{kind, address, bytes};
    if (bytes == 0 || bytes > kMostWatched || address + bytes < address) return false;
    if (std::find(data_.begin(), data_.end(), point) == data_.end()) data_.push_back(point);
    return true;
}

void Points::remove(PointKind kind, std::uint64_t address, std::uint64_t bytes) {
    if (kind == PointKind::software || kind == PointKind::hardware) {
        (kind == PointKind::software ? software_ : hardware_).erase(address);
        if (!software_.contains(address) && !hardware_.contains(address)) code_.erase(address);
        return;
    }
    std::erase(data_, Watchpoint{kind, address, bytes});
}

void Points::clear() {
    software_.clear();
    hardware_.clear();
    code_.clear();
    data_.clear();
}

std::optional<Watchpoint> Points::hit(std::uint64_t address, std::uint64_t bytes, bool write,
                                      const Locate& locate) const {
    for (const Watchpoint& point : data_) {
        if (watches(point.kind, write) && meets(point, address, bytes, locate)) return point;
    }
    return std::nullopt;
}

}  // namespace turnpike::gdb
