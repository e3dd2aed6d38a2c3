// SPDX-License-Identifier: Apache-2.0
// What Linux draws at random, here from the scenario's [run] seed: the same seed, the same numbers. With the default
// seed nothing is drawn where a middle or a first will do. docs/scenario.md says what it touches.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Keys that hold for the whole run.
enum class RandomKey : u8 { multipath, identification, ports, sequence, reachable_time, count };
extern u64 random_keys[static_cast<unsigned>(RandomKey::count)];

void random_seed(u64 seed);
/// 0 with the default seed.
inline u64 random_key(RandomKey which) { return random_keys[static_cast<unsigned>(which)]; }
/// The next number; with the default seed too.
u64 random_next();
/// A number below `limit`, `usual` with the default seed or a limit of 0.
u64 random_below(u64 limit, u64 usual);

}  // namespace fw
