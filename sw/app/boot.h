// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace fw {

/// Brings kernel and stack up, on any machine: what start_kernel does between the core's tables and the configuration.
void kernel_init();

}  // namespace fw
