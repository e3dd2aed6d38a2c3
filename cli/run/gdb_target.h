// SPDX-License-Identifier: Apache-2.0
// The SoC as gdb sees it, with the commands behind `monitor`.
#pragma once
#include <fmt/core.h>

#include <string>

#include "models/debug/server.h"
#include "models/soc/soc.h"

namespace turnpike {

class GdbTarget final : public gdb::Target {
  public:
    explicit GdbTarget(Soc& soc) : soc_(soc) {}

    unsigned cores() const override { return soc_.debug_cores(); }
    cpu::Core& core(unsigned number) override { return soc_.debug_core(number); }
    bool read(std::uint64_t physical, void* data, unsigned bytes) override {
        return soc_.debug_read(physical, data, bytes);
    }
    bool write(std::uint64_t physical, const void* data, unsigned bytes) override {
        return soc_.debug_write(physical, data, bytes);
    }
    std::string name(unsigned number) const override;
    std::string time() const override;
    std::string monitor(const std::string& command) override;
    void kill() override;

  private:
    std::string clocks() const;
    std::string frame(const std::string& number) const;
    std::string stats() const;
    std::string frames() const;
    std::string stages() const;

    Soc& soc_;
};

}  // namespace turnpike
