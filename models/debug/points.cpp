// SPDX-License-Identifier: Apache-2.0
#include "models/debug/points.h"

#include <algorithm>

namespace turnpike::gdb {
namespace {

bool watches(PointKind kind, bool write) { return kind == PointKind::access || (kind == PointKind::write) == write; }

}  // namespace

bool Points::insert(PointKind kind, std::uint64_t address, std::uint64_t bytes) {
    if (kind == PointKind::software || kind == PointKind::hardware) {
        (kind == PointKind::software ? software_ : hardware_).insert(address);
        code_.insert(address);
        return true;
    }
    const Watchpoint point{kind, address, bytes};
    if (bytes == 0 || address + bytes < address) return false;
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
        if (!watches(point.kind, write)) continue;
        const std::optional<std::uint64_t> start = locate(point.address);
        // Unsigned differences: whichever begins first must reach the other one's start.
        if (start && (*start - address < bytes || address - *start < point.bytes)) return point;
    }
    return std::nullopt;
}

}  // namespace turnpike::gdb
