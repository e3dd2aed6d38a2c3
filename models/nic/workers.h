// SPDX-License-Identifier: Apache-2.0
// Threads that share one kind of work, so that several bus transactions are under way at once. Only as many run as
// there is work for.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

namespace turnpike::nic {

/// Stack of a thread that waits in a bus transaction; it holds the fabric's frames and a diagnosis' formatting.
inline constexpr int kThreadStackBytes = 128 * 1024;

/// A thread of the module under construction.
void spawn_thread(const std::string& name, std::function<void()> body);

class Workers {
  public:
    /// `work` takes one piece of work and does it; false: there was none.
    Workers(const std::string& name, unsigned count, std::function<bool()> work);
    /// There may be work: wakes one idle thread, if there is one.
    void wake();

  private:
    void run(sc_core::sc_event& event);

    std::function<bool()> work_;
    std::vector<std::unique_ptr<sc_core::sc_event>> events_;
    std::vector<sc_core::sc_event*> idle_;
};

}  // namespace turnpike::nic
