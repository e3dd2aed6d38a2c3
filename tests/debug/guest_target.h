// SPDX-License-Identifier: Apache-2.0
// A guest of the core's tests as gdb's target.
#pragma once
#include <cstring>
#include <string>

#include "models/debug/target.h"
#include "tests/cpu/guest.h"

namespace turnpike::gdb {

class GuestTarget final : public Target {
  public:
    unsigned cores() const override { return cores_told; }
    cpu::Core& core(unsigned) override { return guest.core; }
    bool read(std::uint64_t physical, void* data, unsigned bytes) override {
        if (!inside(physical, bytes)) return false;
        std::memcpy(data, guest.memory.data() + physical, bytes);
        return true;
    }
    bool write(std::uint64_t physical, const void* data, unsigned bytes) override {
        if (!inside(physical, bytes)) return false;
        std::memcpy(guest.memory.data() + physical, data, bytes);
        guest.core.memory_patched(physical, bytes);
        return true;
    }
    std::string time() const override { return std::to_string(guest.core.cycles()) + " cycles"; }
    std::string monitor(const std::string& command) override { return "you said " + command; }
    void kill() override { killed = true; }

    cpu::Guest guest;
    bool killed = false;
    unsigned cores_told = 1;  ///< more than one: all are this guest's

  private:
    bool inside(std::uint64_t physical, unsigned bytes) const {
        return physical < guest.memory.size() && bytes <= guest.memory.size() - physical;
    }
};

}  // namespace turnpike::gdb
