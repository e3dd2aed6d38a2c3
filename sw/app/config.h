// SPDX-License-Identifier: Apache-2.0
// Configuration through the mailbox (regs/config.def, regs/mailbox.def).
#pragma once
#include "sw/hal/hal.h"

namespace fw {

/// Obeys messages until Start has come and been answered; its tsc_khz.
u32 config_until_start();
/// From here on messages raise an interrupt and are obeyed from a softirq, between packets.
int config_listen();

}  // namespace fw
