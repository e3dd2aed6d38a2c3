// SPDX-License-Identifier: Apache-2.0
// The order in which the cores of a machine go on. Each has a thread of its own, since it may have to wait inside an
// access, but only one at a time holds the turn: the one that is furthest behind, of equals the one with the lowest
// number. It may run ahead of simulated time up to the end of the window, which no event of the system lies in.
#pragma once
#include <cstdint>
#include <memory>
#include <systemc>
#include <vector>

namespace turnpike {

class CoreGroup {
  public:
    /// `window_ps`: longest stretch that cores run ahead of simulated time.
    explicit CoreGroup(std::uint64_t window_ps) : window_ps_(window_ps) {}

    /// Before the simulation starts. Answers the core's number.
    unsigned add();
    /// With one core there is nobody to wait for.
    bool alone() const { return members_.size() == 1; }

    enum class Until {
        next,  ///< until no other core is behind
        now,   ///< and simulated time has reached the core's
    };
    /// The core, at local time `ps`, waits for its turn. At equal times events come before cores.
    void take_turn(unsigned core, std::uint64_t ps, Until until);
    /// True: nothing happens until the core, which is alone, has passed local time `ps`, so it has its turn although
    /// simulated time is behind (temporal decoupling, IEEE 1666-2011, 10.3.2). False: it must wait until then.
    bool runs_ahead(unsigned core, std::uint64_t ps);
    /// Simulated time stops at `ps` for the world outside to look and to change things: a core that is alone does not
    /// leave its accesses behind at that time. 0: it runs ahead of none.
    void stop_at(std::uint64_t ps) { stop_ps_ = ps; }
    /// Only with the turn: the core goes to wait for something else and counts as not there.
    void leave(unsigned core);
    /// Events have come up since the turn began: nobody goes on before a new look at them.
    void close_window() { window_end_ps_ = event_ps_ = 0; }
    /// How far the core that has the turn may run.
    std::uint64_t limit_ps(unsigned core) const;

  private:
    static constexpr int kNobody = -1;
    struct Member {
        std::uint64_t ps = 0;
        bool waiting = false;  ///< for its turn
        Until until = Until::next;
        sc_core::sc_event go;
    };

    unsigned first() const;
    bool must_wait(const Member& member) const;
    void hand_over(unsigned to);
    void open_window();
    std::uint64_t event_ps();

    std::uint64_t window_ps_;
    std::uint64_t window_end_ps_ = 0;
    std::uint64_t event_ps_ = 0;  ///< when something happens next; 0: is to be asked for
    std::uint64_t stop_ps_ = ~std::uint64_t{0};
    std::vector<std::unique_ptr<Member>> members_;
    int holder_ = kNobody;
};

}  // namespace turnpike
