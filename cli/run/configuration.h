// SPDX-License-Identifier: Apache-2.0
// The scenario's commands on their way to the firmware: before READY, and during the run at their times.
#pragma once
#include <cstdint>
#include <vector>

#include "config/scenario.h"
#include "models/soc/soc.h"

namespace turnpike {

class Configuration {
  public:
    explicit Configuration(const config::Scenario& scenario) : scenario_(scenario) {}

    /// Boots and configures. Throws config::Error for a command that the firmware refuses: the user's mistake.
    void boot(Soc& soc);
    /// When the next change is due, since READY; kNever when there is none.
    std::uint64_t next_ps() const;
    /// When the last change of all is due, since READY; 0 without changes.
    std::uint64_t last_ps() const;
    /// Sends what is due at `ps`.
    void send_due(Soc& soc, std::uint64_t ps);
    /// Throws config::Error when the firmware has refused a change.
    void check(const Soc& soc) const;

    static constexpr std::uint64_t kNever = ~0ULL;

  private:
    void add(std::vector<SocMessage>& messages, const config::Message& message, const config::Command* command);

    const config::Scenario& scenario_;
    std::vector<const config::Command*> origin_;  ///< of each message that was given; nullptr: no command of the user
    std::size_t next_change_ = 0;
};

}  // namespace turnpike
