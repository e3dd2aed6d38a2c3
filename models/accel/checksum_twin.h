// SPDX-License-Identifier: Apache-2.0
// The fast form of the checksum engine, with the RTL's timing.
#pragma once
#include <deque>

#include "models/accel/checksum_engine.h"
#include "models/core/register_file.h"

namespace turnpike {

class ChecksumTwin final : public ChecksumEngine {
  public:
    ChecksumTwin();
    void reset() override;
    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override;
    std::optional<ChecksumCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override;
    void beat(const ChecksumBeat& beat, std::uint64_t cycle) override;
    std::optional<ChecksumSum> sum(std::uint64_t cycle) override;

  private:
    void settle(std::uint64_t cycle);
    void update();

    RegisterFile registers_;
    bool open_ = false;                   ///< a sum has begun
    std::uint64_t position_ = 0;          ///< bytes of the open sum's stream so far
    std::uint64_t total_ = 0;             ///< of the open sum, not folded
    std::deque<ChecksumSum> registered_;  ///< to be seen in RESULT after their edge
    std::deque<ChecksumSum> finished_;    ///< not yet handed out
};

}  // namespace turnpike
