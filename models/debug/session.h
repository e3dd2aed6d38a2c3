// SPDX-License-Identifier: Apache-2.0
// gdb's remote serial protocol above the packets: what is asked while the machine stands still, and how it goes on
// (gdb manual, appendix E). Knows no sockets.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/debug/points.h"
#include "models/debug/target.h"

namespace turnpike::gdb {

/// Signal numbers of the protocol (E.14 takes them from gdb/signals.def; those below are the usual ones).
enum class Signal : unsigned { interrupt = 2, trap = 5, abort = 6 };

struct Stop {
    enum class Reason { other, breakpoint, watchpoint };
    Signal signal = Signal::trap;
    unsigned core = 0;
    Reason reason = Reason::other;
    Watchpoint watchpoint{};
};

/// What a packet asks for beyond its answer.
enum class Then { stay, run, step, detach, kill };

struct Answer {
    std::vector<std::string> packets;  ///< bodies to send, in order
    Then then = Then::stay;
    unsigned core = 0;         ///< with `step`: the one
    bool others_held = false;  ///< of several cores gdb wants only some to go on
};

class Session {
  public:
    Session(Target& target, Points& points) : target_(target), points_(points) {}

    /// A new gdb has come.
    void begin();
    Answer handle(std::string_view packet);
    /// The machine has stopped: the body to send for it.
    std::string stopped(const Stop& stop);
    /// RIP of the core that it has stopped for, at that time.
    std::uint64_t stopped_at() const { return stopped_at_; }
    /// True from the packet on with which gdb did without acknowledgements.
    bool no_acknowledgements() const { return no_acknowledgements_; }

  private:
    Answer ok() const { return {{"OK"}}; }
    Answer fail(unsigned number) const;
    std::string stop_reply() const;

    Answer resume(char kind, std::string_view text);
    Answer resume_threads(std::string_view text);
    Answer select_thread(std::string_view text);
    Answer thread_alive(std::string_view text);
    Answer read_one(std::string_view text);
    Answer write_one(std::string_view text);
    Answer read_bytes(std::string_view text);
    Answer write_bytes(std::string_view text, bool binary);
    Answer point(std::string_view text, bool insert);

    // queries.cpp
    Answer query(std::string_view text);
    Answer set(std::string_view text);
    Answer features(std::string_view text);
    Answer supported(std::string_view text);
    Answer thread_list();
    Answer thread_info(std::string_view text);
    Answer monitor(std::string_view hex);

    /// A thread's number to its core: 1 is core 0. 0 and -1, any and all, leave `fallback`.
    std::optional<unsigned> core_of(std::string_view& text, unsigned fallback) const;
    cpu::Core& general() { return target_.core(general_); }

    Target& target_;
    Points& points_;
    Stop stop_;
    std::uint64_t stopped_at_ = 0;
    unsigned general_ = 0;    ///< the core that register and memory packets mean
    unsigned continued_ = 0;  ///< the core that `s` steps
    bool no_acknowledgements_ = false;
    bool tells_breakpoints_ = false;  ///< gdb knows swbreak and hwbreak
    std::string features_;
};

}  // namespace turnpike::gdb
