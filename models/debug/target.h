// SPDX-License-Identifier: Apache-2.0
// What a debugger sees of a machine. The machine stands still during all calls.
#pragma once
#include <cstdint>
#include <string>

#include "models/cpu/core.h"

namespace turnpike::gdb {

class Target {
  public:
    virtual ~Target() = default;
    virtual unsigned cores() const = 0;
    virtual cpu::Core& core(unsigned number) = 0;
    /// Physical memory and registers of devices, without their side effects. False: nothing there can be read, or
    /// written.
    virtual bool read(std::uint64_t physical, void* data, unsigned bytes) = 0;
    virtual bool write(std::uint64_t physical, const void* data, unsigned bytes) = 0;
    /// A core to gdb's user: its number, and whether it sleeps.
    virtual std::string name(unsigned number) const { return "core " + std::to_string(number); }
    /// The present time, in words.
    virtual std::string time() const = 0;
    /// gdb's `monitor COMMAND`: the text to show.
    virtual std::string monitor(const std::string& command) = 0;
    /// The machine must stop for good as soon as it can.
    virtual void kill() = 0;
};

}  // namespace turnpike::gdb
