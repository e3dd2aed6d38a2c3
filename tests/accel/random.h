// SPDX-License-Identifier: Apache-2.0
// All randomness of a test, from a fixed seed.
#pragma once
#include <cstdint>
#include <random>

namespace turnpike {

class Random {
  public:
    explicit Random(std::uint32_t seed) : engine_(seed) {}
    std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }
    /// 0 … bound-1.
    std::uint32_t below(std::size_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
    bool percent(unsigned chance) { return below(100) < chance; }

  private:
    std::mt19937 engine_;
};

}  // namespace turnpike
