// SPDX-License-Identifier: Apache-2.0
// Hashes of flows (Linux net/core/flow_dissector.c, flow_hash_from_keys_seed), bit for bit those of Linux on a
// little-endian machine.
#pragma once
#include "sw/net/flow_dissector.h"

namespace fw {

/// 32 bits by the whole of `keys` but `encapsulated`, never 0; both directions of a flow hash alike.
u32 flow_hash_from_keys_seed(const flow_keys& keys, u32 seed);
/// Of two words (Linux include/linux/jhash.h; Bob Jenkins, lookup3.c, public domain), with an initial value of 0.
u32 jhash_2words(u32 a, u32 b);

}  // namespace fw
