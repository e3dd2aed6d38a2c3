// SPDX-License-Identifier: Apache-2.0
// The Verilated checksum accelerator (rtl/checksum) as an engine.
#pragma once
#include <memory>

#include "models/accel/checksum_engine.h"
#include "models/accel/waveform.h"

namespace turnpike {

/// With a waveform, its form whose signals can be recorded, which is slower.
std::unique_ptr<ChecksumEngine> make_checksum_rtl(const Waveform* waveform = nullptr);

}  // namespace turnpike
