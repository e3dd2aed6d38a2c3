// SPDX-License-Identifier: Apache-2.0
#include "models/accel/rtl/checksum_rtl.h"

#include <Vchecksum_accelerator.h>
#include <Vchecksum_traced.h>

#include "models/accel/rtl/checksum_rtl_of.h"

namespace turnpike {

std::unique_ptr<ChecksumEngine> make_checksum_rtl(const Waveform* waveform) {
    if (waveform == nullptr) return std::make_unique<ChecksumRtlOf<Vchecksum_accelerator, NoRecorder>>();
    return std::make_unique<ChecksumRtlOf<Vchecksum_traced, FstRecorder>>(*waveform);
}

}  // namespace turnpike
