// SPDX-License-Identifier: Apache-2.0
#include "models/accel/rtl/lpm_rtl.h"

#include <Vlpm_accelerator.h>
#include <Vlpm_traced.h>

#include "models/accel/rtl/lpm_rtl_of.h"

namespace turnpike {

std::unique_ptr<LpmEngine> make_lpm_rtl(const Waveform* waveform) {
    if (waveform == nullptr) return std::make_unique<LpmRtlOf<Vlpm_accelerator, NoRecorder>>();
    return std::make_unique<LpmRtlOf<Vlpm_traced, FstRecorder>>(*waveform);
}

}  // namespace turnpike
