// SPDX-License-Identifier: Apache-2.0
// The mailbox: the host's typed messages to the firmware, one visible at a time, and the firmware's answers, READY
// and exit (regs/mailbox.def).
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <systemc>
#include <vector>

#include "models/core/register_file.h"

namespace turnpike {

class Mailbox : public sc_core::sc_module {
  public:
    using Reply = std::function<void(std::int64_t reply)>;  ///< 0 or -errno

    explicit Mailbox(const sc_core::sc_module_name& name);

    tlm_utils::simple_target_socket<Mailbox> socket;
    /// High while a message waits and the firmware has asked for interrupts.
    sc_core::sc_out<bool> irq;

    /// Queues a message (of regs/config.def); also before the simulation starts. `on_reply` is called at the time of
    /// the answer and may post again. Throws std::length_error on a message that DATA cannot hold.
    void post(std::uint32_t type, std::span<const std::uint8_t> bytes, Reply on_reply);
    /// Messages without an answer, the visible one included.
    std::size_t pending() const { return queue_.size(); }

    /// What CORES reads.
    void set_cores(unsigned cores);
    void set_ready_handler(std::function<void()> handler) { ready_ = std::move(handler); }
    void set_exit_handler(std::function<void(unsigned status)> handler) { exit_ = std::move(handler); }

  private:
    struct Message {
        std::uint32_t type;
        std::vector<std::uint8_t> bytes;
        Reply on_reply;
    };

    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    void show();
    void answered(std::int64_t reply);
    void drive_irq();

    RegisterFile registers_;
    std::deque<Message> queue_;
    std::function<void()> ready_;
    std::function<void(unsigned)> exit_;
    sc_core::sc_event changed_;
};

}  // namespace turnpike
