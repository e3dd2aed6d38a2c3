// SPDX-License-Identifier: Apache-2.0
#include "models/nic/board/mdio.h"

#include "models/core/clock.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {
namespace r = regs::nic;
/// MSCA.OP_CODE: address cycle and write have no answer.
constexpr std::uint64_t kRead = 3, kReadIncrement = 2;
}  // namespace

Mdio::Mdio(RegisterFile& registers, std::uint64_t frame_ps) : registers_(registers) {
    registers_.on_write(r::MSCA, [this, frame_ps](std::uint64_t, std::uint64_t written) {
        if (!r::MSCA_MDI_COMMAND.test(written)) return;
        busy_until_ps_ = now_ps() + frame_ps;
        const std::uint64_t operation = r::MSCA_OP_CODE.get(written);
        if (operation != kRead && operation != kReadIncrement) return;
        registers_.set(r::MSRWD, registers_.get(r::MSRWD) | r::MSRWD_READ_DATA.mask());
    });
    registers_.on_read(r::MSCA, [this](std::uint64_t stored) {
        return now_ps() < busy_until_ps_ ? stored : stored & ~r::MSCA_MDI_COMMAND.mask();
    });
}

}  // namespace turnpike::nic
