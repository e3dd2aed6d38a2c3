// SPDX-License-Identifier: Apache-2.0
// What is common to register accesses whichever form the engine has: whole aligned registers only, and a diagnosis,
// once an offset, when the firmware touches a register that does not exist.
#pragma once
#include <tlm>

#include <set>
#include <span>
#include <string>

#include "regs/register.h"

namespace turnpike {

class RegisterPort {
  public:
    /// `bytes` is the width of one register; `name` stands in diagnoses.
    RegisterPort(std::string name, unsigned bytes, std::span<const regs::Register> list)
        : name_(std::move(name)), bytes_(bytes), list_(list) {}

    /// A whole register that exists: nothing that must be told.
    bool is_sound(const tlm::tlm_generic_payload& payload) const {
        return is_whole(payload) && payload.get_byte_enable_ptr() == nullptr && exists(payload.get_address());
    }
    /// Sets the response. True: carry the access out. An unknown register reads 0 and drops writes.
    bool accept(tlm::tlm_generic_payload& payload);

  private:
    bool is_whole(const tlm::tlm_generic_payload& payload) const;
    bool exists(std::uint64_t offset) const;

    std::string name_;
    unsigned bytes_;
    std::span<const regs::Register> list_;
    std::set<std::uint64_t> reported_;
};

}  // namespace turnpike
