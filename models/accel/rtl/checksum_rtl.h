// SPDX-License-Identifier: Apache-2.0
// The Verilated checksum accelerator (rtl/checksum) as an engine.
#pragma once
#include <memory>

#include "models/accel/checksum_engine.h"

namespace turnpike {

class ChecksumRtl final : public ChecksumEngine {
  public:
    ChecksumRtl();
    ~ChecksumRtl() override;
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    std::optional<ChecksumCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    void beat(const ChecksumBeat& beat, std::uint64_t cycle) override;
    std::optional<ChecksumSum> sum(std::uint64_t cycle) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace turnpike
