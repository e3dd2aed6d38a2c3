// SPDX-License-Identifier: Apache-2.0
// Sends interrupt messages, one after the other, in a process of its own: a write may have to wait.
#pragma once
#include <deque>
#include <string>

#include "models/core/process.h"
#include "models/nic/config_space.h"
#include "models/nic/dma.h"

namespace turnpike::nic {

class MessageSender {
  public:
    MessageSender(const std::string& name, Dma& dma) : dma_(dma), given_(name), process_(run()) {}
    void send(const Message& message) {
        waiting_.push_back(message);
        given_.notify();
    }

  private:
    Process run() {
        for (;;) {
            while (waiting_.empty()) co_await given_;
            const Message next = waiting_.front();
            waiting_.pop_front();
            co_await dma_.message(next.address, next.data);
        }
    }

    Dma& dma_;
    std::deque<Message> waiting_;
    Signal given_;
    Process process_;
};

}  // namespace turnpike::nic
