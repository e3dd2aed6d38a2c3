// SPDX-License-Identifier: Apache-2.0
// Sends interrupt messages, one after the other, in a thread of its own: a write may have to wait.
#pragma once
#include <deque>
#include <string>
#include <systemc>

#include "models/nic/config_space.h"
#include "models/nic/dma.h"
#include "models/nic/workers.h"

namespace turnpike::nic {

class MessageSender {
  public:
    MessageSender(const std::string& name, Dma& dma) : dma_(dma) {
        spawn_thread(name, [this] { run(); });
    }
    void send(const Message& message) {
        waiting_.push_back(message);
        given_.notify();
    }

  private:
    void run() {
        for (;;) {
            while (waiting_.empty()) sc_core::wait(given_);
            const Message next = waiting_.front();
            waiting_.pop_front();
            dma_.message(next.address, next.data);
        }
    }

    Dma& dma_;
    std::deque<Message> waiting_;
    sc_core::sc_event given_;
};

}  // namespace turnpike::nic
