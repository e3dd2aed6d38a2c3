// SPDX-License-Identifier: Apache-2.0
// The Verilated longest-prefix-match accelerator (rtl/lpm) as an engine.
#pragma once
#include <memory>

#include "models/accel/lpm_engine.h"
#include "models/accel/waveform.h"

namespace turnpike {

/// With a waveform, its form whose signals can be recorded, which is slower.
std::unique_ptr<LpmEngine> make_lpm_rtl(const Waveform* waveform = nullptr);

}  // namespace turnpike
