// SPDX-License-Identifier: Apache-2.0
// Layout of the NIC's descriptors, from nic_descriptors.def.
#pragma once
#include "regs/register.h"

namespace turnpike::regs::nic {

/// A field of a descriptor: which of its quadwords, and where in it.
struct DescriptorField {
    unsigned quadword;
    Field field;
    constexpr std::uint64_t get(const std::uint64_t* descriptor) const { return field.get(descriptor[quadword]); }
    constexpr void put(std::uint64_t* descriptor, std::uint64_t value) const {
        descriptor[quadword] = field.set(descriptor[quadword], value);
    }
};

inline constexpr unsigned kDescriptorTypeAdvancedData = 3;  ///< TX_READ.DTYP, 7.2.3.2.4
inline constexpr unsigned kDescriptorTypeContext = 2;       ///< TX_CONTEXT.DTYP, 7.2.3.2.3
inline constexpr unsigned kDescriptorTypeLegacy = 0;        ///< SRRCTL.DESCTYPE, 8.2.3.8.7
inline constexpr unsigned kDescriptorTypeAdvancedOneBuffer = 1;
inline constexpr unsigned kDescriptorTypeHeaderSplit = 2;
inline constexpr unsigned kDescriptorTypeAlwaysHeader = 5;  ///< header split that always uses the header buffer

inline constexpr unsigned kContextUdp = 0, kContextTcp = 1, kContextSctp = 2;  ///< TX_CONTEXT.L4T

#define DESCRIPTOR(name, bytes) inline constexpr unsigned name##_BYTES = bytes;
#define DESC_FIELD(descriptor, name, quadword, lsb, width) \
    inline constexpr DescriptorField descriptor##_##name{quadword, {lsb, width}};
#include "regs/nic_descriptors.def"
#undef DESCRIPTOR
#undef DESC_FIELD

}  // namespace turnpike::regs::nic
