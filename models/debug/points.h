// SPDX-License-Identifier: Apache-2.0
// Breakpoints and watchpoints.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace turnpike::gdb {

/// Numbers of the Z packets (gdb manual E.2).
enum class PointKind : unsigned { software = 0, hardware = 1, write = 2, read = 3, access = 4 };

struct Watchpoint {
    PointKind kind;
    std::uint64_t address;
    std::uint64_t bytes;
    bool operator==(const Watchpoint&) const = default;
};

class Points {
  public:
    /// False: not a point that can be set. Setting one twice is setting it once.
    bool insert(PointKind kind, std::uint64_t address, std::uint64_t bytes);
    /// Removing what is not there is no error.
    void remove(PointKind kind, std::uint64_t address, std::uint64_t bytes);
    void clear();

    bool breakpoint_in(std::uint64_t begin, std::uint64_t end) const {
        const auto next = code_.lower_bound(begin);
        return next != code_.end() && *next < end;
    }
    bool watching() const { return !data_.empty(); }
    using Locate = std::function<std::optional<std::uint64_t>(std::uint64_t)>;
    /// The watchpoint that an access meets; `locate` gives the access's kind of address for the watchpoint's.
    std::optional<Watchpoint> hit(
        std::uint64_t address, std::uint64_t bytes, bool write,
        const Locate& locate = [](std::uint64_t linear) { return linear; }) const;

  private:
    std::set<std::uint64_t> software_;
    std::set<std::uint64_t> hardware_;
    std::set<std::uint64_t> code_;  ///< both
    std::vector<Watchpoint> data_;
};

}  // namespace turnpike::gdb
