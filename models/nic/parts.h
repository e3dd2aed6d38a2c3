// SPDX-License-Identifier: Apache-2.0
// What the receive and the transmit side of a NIC share.
#pragma once
#include <cstdint>

#include "models/core/frame_observer.h"
#include "models/core/register_file.h"
#include "models/nic/dma.h"
#include "models/nic/flow_control.h"
#include "models/nic/irq/interrupts.h"
#include "models/nic/statistics.h"
#include "regs/params.h"

namespace turnpike::nic {

struct Parts {
    unsigned port;
    const regs::params::nic& params;
    const regs::params::pcie& pcie;
    std::uint64_t rate_mbps;
    RegisterFile& registers;
    FrameObserver& observer;
    Statistics& statistics;
    Interrupts& interrupts;
    Dma& dma;
    FlowControl& flow_control;

    std::uint64_t processing_ps() const { return params.processing_ns * 1000; }
};

/// CRC-32 of IEEE 802.3 3.2.9 as it stands in the four FCS bytes, first byte lowest.
std::uint32_t frame_check_sequence(const std::uint8_t* bytes, std::size_t count);

}  // namespace turnpike::nic
