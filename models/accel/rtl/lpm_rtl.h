// SPDX-License-Identifier: Apache-2.0
// The Verilated longest-prefix-match accelerator (rtl/lpm) as an engine.
#pragma once
#include <memory>

#include "models/accel/lpm_engine.h"

namespace turnpike {

class LpmRtl final : public LpmEngine {
  public:
    LpmRtl();
    ~LpmRtl() override;
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    std::optional<LpmCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    void update(const LpmUpdate& record, std::uint64_t cycle) override;
    void moved(const LpmMoved& moved, std::uint64_t cycle) override;
    bool ready(std::uint64_t cycle) override;
    Ticket issue(std::uint32_t address, std::uint64_t cycle) override;
    void hold(bool held, std::uint64_t cycle) override;
    std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace turnpike
