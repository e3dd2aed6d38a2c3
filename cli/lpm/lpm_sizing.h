// SPDX-License-Identifier: Apache-2.0
// How large an engine a table needs.
#pragma once
#include "models/accel/lpm_engine.h"
#include "sw/lpm/tree.h"

namespace turnpike::lpm {

/// Capacities (the parameters of rtl/lpm/lpm_accelerator.sv, the CAPACITY registers of regs/lpm.def) of an engine that
/// holds a table of this size and, in each memory, `spare_percent` more.
LpmCapacity capacity_for(const fw::TreeUsage& usage, unsigned spare_percent);

/// The same for the control plane.
fw::TreeCapacity tree_capacity(const LpmCapacity& words);

}  // namespace turnpike::lpm
