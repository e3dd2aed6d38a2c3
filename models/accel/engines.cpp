// SPDX-License-Identifier: Apache-2.0
// Which form of an engine a machine's `mode` names.
#include <stdexcept>

#include "models/accel/checksum_twin.h"
#include "models/accel/lockstep.h"
#include "models/accel/lpm_twin.h"
#include "models/accel/rtl/checksum_rtl.h"
#include "models/accel/rtl/lpm_rtl.h"

namespace turnpike {

namespace {

[[noreturn]] void refuse(const char* name, const std::string& mode) {
    throw std::invalid_argument(std::string(name) + ": mode \"" + mode +
                                "\" has no hardware; tlm, rtl or lockstep is expected");
}

}  // namespace

std::unique_ptr<LpmEngine> make_lpm_engine(const std::string& mode, const Waveform* waveform) {
    if (mode == "tlm") return std::make_unique<LpmTwin>();
    if (mode == "rtl") return make_lpm_rtl(waveform);
    if (mode == "lockstep") {
        return std::make_unique<LockstepLpm>(std::make_unique<LpmTwin>(), make_lpm_rtl(waveform));
    }
    refuse("accel.lpm", mode);
}

std::unique_ptr<ChecksumEngine> make_checksum_engine(const std::string& mode, const Waveform* waveform) {
    if (mode == "tlm") return std::make_unique<ChecksumTwin>();
    if (mode == "rtl") return make_checksum_rtl(waveform);
    if (mode == "lockstep") {
        return std::make_unique<LockstepChecksum>(std::make_unique<ChecksumTwin>(), make_checksum_rtl(waveform));
    }
    refuse("accel.checksum", mode);
}

}  // namespace turnpike
