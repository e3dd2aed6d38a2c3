// SPDX-License-Identifier: Apache-2.0
// Link flow control (82599 data sheet 3.7.7; IEEE 802.3 annex 31B): pause frames that come stop the transmitter, and
// the receive packet buffer's fill makes pause frames go.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <systemc>

#include "models/core/agenda.h"
#include "models/core/frame.h"
#include "models/core/register_file.h"
#include "models/nic/statistics.h"

namespace turnpike::nic {

class FlowControl : public sc_core::sc_module {
  public:
    FlowControl(const sc_core::sc_module_name& name, RegisterFile& registers, Statistics& statistics,
                std::uint64_t rate_mbps);
    void reset();

    /// A good frame came in; true: the MAC keeps it to itself.
    bool takes(const Frame& frame);
    /// Bytes in the receive packet buffer.
    void level(std::uint64_t bytes);
    /// No data frame may begin earlier.
    std::uint64_t paused_until_ps() const { return paused_until_ps_; }

    /// Sends a pause frame before any data frame.
    void on_send(std::function<void(Frame)> handler) { send_ = std::move(handler); }
    /// The pause has become shorter.
    void on_resume(std::function<void()> handler) { resume_ = std::move(handler); }

  private:
    bool is_pause(const Frame& frame) const;
    void obey(std::uint64_t quanta);
    void refresh();
    void send_pause(std::uint64_t quanta);
    std::uint64_t quanta_ps(std::uint64_t quanta) const;

    RegisterFile& registers_;
    Statistics& statistics_;
    std::uint64_t rate_mbps_;
    std::uint64_t paused_until_ps_ = 0;
    std::uint64_t level_ = 0;
    bool stopped_other_ = false;  ///< XOFF was sent, and no XON since
    std::function<void(Frame)> send_;
    std::function<void()> resume_;
    Alarm refresh_;
};

}  // namespace turnpike::nic
