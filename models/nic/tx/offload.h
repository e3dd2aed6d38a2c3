// SPDX-License-Identifier: Apache-2.0
// What the NIC does to a packet on its way out: checksums, segmentation, VLAN tag (82599 data sheet 7.2.4, 7.2.5, 7.4).
#pragma once
#include <cstdint>
#include <vector>

#include "models/core/register_file.h"
#include "models/nic/descriptor_ring.h"

namespace turnpike::nic {

/// What a packet's descriptors ask for.
struct Offload {
    std::uint64_t context[2] = {0, 0};  ///< TX_CONTEXT
    bool network_checksum = false;      ///< IXSM
    bool transport_checksum = false;    ///< TXSM
    bool segment = false;               ///< TSE
    bool tag = false;                   ///< VLE
    std::uint16_t vlan = 0;
    bool legacy_checksum = false;  ///< IC: from byte `start` to the end, into `place`
    std::uint8_t start = 0, place = 0;
};

/// Why the device cannot do this, or null.
const char* offload_mistake(const Offload& offload, std::size_t packet_bytes);

/// How many frames a packet becomes, and their bytes without FCS and padding.
struct Extent {
    std::uint64_t frames, bytes;
};
Extent extent(const Offload& offload, std::size_t packet_bytes);

using FrameBytes = std::vector<std::uint8_t>;
/// The frames that a packet becomes: one, or with `segment` as many as its payload needs.
std::vector<FrameBytes> apply(const Offload& offload, FrameBytes packet, const RegisterFile& registers);

}  // namespace turnpike::nic
