// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include "models/nic/parts.h"

namespace turnpike::nic {

std::uint32_t frame_check_sequence(const std::uint8_t* bytes, std::size_t count) {
    return static_cast<std::uint32_t>(crc32_z(0, bytes, count));
}

}  // namespace turnpike::nic
