// SPDX-License-Identifier: Apache-2.0
#include "models/nic/aliases.h"

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

struct Alias {
    std::uint64_t first;  ///< second address of the array
    unsigned stride;
    unsigned count;
    std::uint64_t listed;
    unsigned listed_stride;
};

constexpr Alias kAliases[] = {
    {0x02100, 4, 16, r::SRRCTL(0), 0x40}, {0x02200, 4, 16, r::DCA_RXCTRL(0), 0x40},
    {0x05400, 4, 32, r::RAL(0), 4},       {0x05480, 4, 16, r::PSRTYPE(0), 4},
    {0x0EB00, 4, 32, r::RETA(0), 4},      {0x0EB80, 4, 10, r::RSSRK(0), 4},
    {0x0EC80, 4, 1, r::MRQC, 4},          {0x06030, 0x40, 16, r::QPTC(0), 4},
    {0x0CF60, 4, 1, r::LXONRXCNT, 4},     {0x0CF68, 4, 1, r::LXOFFRXCNT, 4},
    {0x0CF00, 4, 8, r::PXONRXCNT(0), 4},  {0x0CF20, 4, 8, r::PXOFFRXCNT(0), 4},
};

}  // namespace

std::uint64_t listed_offset(std::uint64_t offset) {
    for (const Alias& alias : kAliases) {
        if (offset < alias.first || offset >= alias.first + std::uint64_t{alias.stride} * alias.count) continue;
        const std::uint64_t distance = offset - alias.first;
        if (distance % alias.stride == 0) return alias.listed + distance / alias.stride * alias.listed_stride;
    }
    return offset;
}

}  // namespace turnpike::nic
