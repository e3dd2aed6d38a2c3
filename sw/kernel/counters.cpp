// SPDX-License-Identifier: Apache-2.0
#include "sw/kernel/counters.h"

constinit turnpike::regs::CounterTable turnpike_counters = {};
