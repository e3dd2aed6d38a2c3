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

template <typename Engine, typename Twin, typename Rtl, typename Lockstep>
std::unique_ptr<Engine> make(const char* name, const std::string& mode) {
    if (mode == "tlm") return std::make_unique<Twin>();
    if (mode == "rtl") return std::make_unique<Rtl>();
    if (mode == "lockstep") return std::make_unique<Lockstep>(std::make_unique<Twin>(), std::make_unique<Rtl>());
    throw std::invalid_argument(std::string(name) + ": mode \"" + mode +
                                "\" has no hardware; tlm, rtl or lockstep is expected");
}

}  // namespace

std::unique_ptr<LpmEngine> make_lpm_engine(const std::string& mode) {
    return make<LpmEngine, LpmTwin, LpmRtl, LockstepLpm>("accel.lpm", mode);
}

std::unique_ptr<ChecksumEngine> make_checksum_engine(const std::string& mode) {
    return make<ChecksumEngine, ChecksumTwin, ChecksumRtl, LockstepChecksum>("accel.checksum", mode);
}

}  // namespace turnpike
