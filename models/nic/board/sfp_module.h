// SPDX-License-Identifier: Apache-2.0
// The SFP+ module in the cage: its identification memory on a two-wire bus, whose wires software moves through I2CCTL
// (82599 data sheet 8.2.3.1.5; memory map: SFF-8472, table 4-1).
#pragma once
#include <cstdint>

#include "models/core/register_file.h"

namespace turnpike::nic {

class SfpModule {
  public:
    explicit SfpModule(RegisterFile& registers);

  private:
    enum class State { idle, address, set_offset, write, read, acknowledged };
    void wires(bool clock, bool data);
    void start();
    void rising(bool data);
    void falling();
    void byte_received();
    bool driven() const;

    RegisterFile& registers_;
    bool clock_ = true, data_ = true;  ///< as software drives them
    State state_ = State::idle;
    bool low_ = false;     ///< the module pulls the data wire down
    unsigned bits_ = 0;    ///< of the byte under way; the ninth is the acknowledgement
    unsigned shift_ = 0;   ///< received so far, or left to send
    unsigned offset_ = 0;  ///< next byte of the memory
};

}  // namespace turnpike::nic
