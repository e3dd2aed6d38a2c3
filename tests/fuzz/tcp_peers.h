// SPDX-License-Identifier: Apache-2.0
// The hosts that the router's TCP talks to: they know what it sent last.
#pragma once
#include "tests/fuzz/router.h"

namespace fw::fuzz {

/// The router has sent this frame.
void note_sent(const Bytes& frame);
/// Ends all connections, as a reset from their peers would: those that idle would last for ever.
void end_connections();

}  // namespace fw::fuzz
