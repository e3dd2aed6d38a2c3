// SPDX-License-Identifier: Apache-2.0
// A bus behind a TLM socket whose target blocks: transactions are carried out in SystemC threads.
#pragma once
#include <tlm>

#include <deque>
#include <systemc>
#include <vector>

#include "models/nic/bus.h"

namespace turnpike::nic {

class TlmBus : public Bus {
  public:
    /// Belongs to the module under construction; at most `reads` are under way at once.
    TlmBus(tlm::tlm_initiator_socket<>& socket, unsigned reads);

    void read(BusRead& read) override;
    bool write(BusWrite& write) override;

  private:
    /// Stack of a thread that waits in a bus transaction: the fabric's frames, a diagnosis' formatting, and what the
    /// process does that is resumed.
    static constexpr int kStackBytes = 128 * 1024;

    static void spawn(const char* name, std::function<void()> body);
    void work();
    void post();

    tlm::tlm_initiator_socket<>& socket_;
    std::deque<BusRead*> reads_;
    std::deque<BusWrite*> writes_;
    std::vector<sc_core::sc_event*> idle_;
    sc_core::sc_event written_;
};

}  // namespace turnpike::nic
