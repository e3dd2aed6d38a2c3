// SPDX-License-Identifier: Apache-2.0
// MDIO (82599 data sheet 3.7.3, 8.2.3.22.11): commands take their time, and no PHY answers: reads give all ones.
#pragma once
#include <cstdint>

#include "models/core/register_file.h"

namespace turnpike::nic {

class Mdio {
  public:
    Mdio(RegisterFile& registers, std::uint64_t frame_ps);

  private:
    RegisterFile& registers_;
    std::uint64_t busy_until_ps_ = 0;
};

}  // namespace turnpike::nic
