// SPDX-License-Identifier: Apache-2.0
// The EEPROM, read word by word through EERD, and the semaphores that guard it (82599 data sheet 3.5, 6.1, 8.2.3.2).
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "models/core/register_file.h"

namespace turnpike::nic {

class Eeprom {
  public:
    Eeprom(RegisterFile& registers, const std::array<std::uint8_t, 6>& mac);
    std::uint16_t word(std::uint64_t address) const { return address < words_.size() ? words_[address] : kBlank; }

  private:
    static constexpr std::uint16_t kBlank = 0xFFFF;
    void fill(const std::array<std::uint8_t, 6>& mac);
    void attach();

    RegisterFile& registers_;
    std::vector<std::uint16_t> words_;
};

}  // namespace turnpike::nic
