// SPDX-License-Identifier: Apache-2.0
// Code for guests that run wild: noise, sound instructions, and a soup of system instructions and jumps.
#pragma once
#include <random>
#include <vector>

#include "tests/cpu/host/generator.h"

namespace turnpike::wild {

using host::u16;
using host::u32;
using host::u64;
using host::u8;

class Soup {
  public:
    explicit Soup(u64 seed) : random_(seed), generator_(seed) {}

    /// About `bytes` bytes, to lie at `at`.
    std::vector<u8> code(u64 at, std::size_t bytes);

  private:
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
    void byte(unsigned value) { code_.push_back(static_cast<u8>(value)); }
    void bytes(u64 value, unsigned count);
    void set(unsigned reg, u64 value);
    void noise();
    void sound();
    void jump();
    void model_specific_register();
    void privileged();
    void flags_and_segments();
    void rewrites();
    void repeats();

    std::mt19937_64 random_;
    host::Generator generator_;
    std::vector<u8> code_;
    u64 at_ = 0;
};

}  // namespace turnpike::wild
