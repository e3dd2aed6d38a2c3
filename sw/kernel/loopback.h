// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace fw {

/// Registers and opens `lo`.
void loopback_init();

}  // namespace fw
