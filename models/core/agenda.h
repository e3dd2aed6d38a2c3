// SPDX-License-Identifier: Apache-2.0
// What happens when, for models that are events and no SystemC threads. In a SoC such a model lives in SystemC's time:
// an Alarm is an event with a method. A program that consists of such models alone can do without SystemC's kernel,
// whose events cost several times as much host time: then an Agenda keeps the time.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/core/clock.h"
#include "models/core/fifo.h"

namespace turnpike {

class Agenda;

/// Runs its body at a time that is set, once for each time. Of several settings the earliest holds, as with sc_event.
class Alarm {
  public:
    /// Belongs to the Agenda that keeps the time now, or else to SystemC; then it is made during elaboration.
    Alarm(const std::string& name, std::function<void()> body);
    ~Alarm();
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;

    /// Not before now.
    void at(std::uint64_t ps);
    /// At this time, after the caller.
    void now();
    void cancel();

  private:
    friend class Agenda;
    struct Kernel;
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    std::function<void()> body_;
    Agenda* agenda_;
    std::unique_ptr<Kernel> kernel_;
    std::uint64_t due_ps_ = kNever;
    std::uint64_t ticket_ = 0;  ///< of the entry in the agenda that holds
};

class Agenda {
  public:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    /// While it lives, it keeps the program's time, which begins at 0.
    Agenda();
    ~Agenda();
    Agenda(const Agenda&) = delete;
    Agenda& operator=(const Agenda&) = delete;
    static Agenda* current() { return current_; }

    std::uint64_t now() const { return now_ps_; }
    /// When something happens next, or kNever.
    std::uint64_t next_ps();
    /// Lets happen what is due up to `ps`, in order of time and then of setting, until `stop` is set. Time is then that
    /// of the last event, or `ps`.
    void run_to(std::uint64_t ps, const bool& stop);

  private:
    friend class Alarm;
    struct Entry {
        std::uint64_t at_ps;
        std::uint64_t ticket;
        Alarm* alarm;
        bool operator<(const Entry& other) const {  // std heaps have the greatest on top
            return at_ps != other.at_ps ? at_ps > other.at_ps : ticket > other.ticket;
        }
    };
    void set(Alarm& alarm, std::uint64_t ps);
    bool is_void(const Entry& entry) const {
        return entry.alarm->ticket_ != entry.ticket || entry.alarm->due_ps_ == kNever;
    }
    void drop_void();
    Entry take_first();
    void forget(const Alarm& alarm);

    static Agenda* current_;
    std::uint64_t now_ps_ = 0;
    std::uint64_t tickets_ = 0;
    Fifo<Entry> now_;          ///< set for the time that is now, in order
    std::vector<Entry> heap_;  ///< for later; entries of alarms that were set anew or cancelled stay, void
};

}  // namespace turnpike
