// SPDX-License-Identifier: Apache-2.0
// What all NICs of a process share: their time, and the calls to drivers that something has led to. Such a call is made
// between two events, so that it may read registers and let time pass; while it runs, others wait.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "models/core/agenda.h"

namespace turnpike {

/// The driver's ends of a NIC.
struct DriverCalls {
    std::function<void(bool)> intx;
    std::function<void(std::uint64_t, std::uint32_t)> msi;
    std::function<void(std::span<const std::uint8_t>, std::uint64_t)> wire_tx;
};

class Timeline {
  public:
    /// The process's; it lives as long as somebody holds it.
    static std::shared_ptr<Timeline> get();

    void line(DriverCalls& to, bool level) {
        if (to.intx) call({.to = &to, .kind = Kind::line, .level = level});
    }
    void message(DriverCalls& to, std::uint64_t address, std::uint32_t data) {
        if (to.msi) call({.to = &to, .kind = Kind::message, .at = address, .data = data});
    }
    void frame(DriverCalls& to, std::vector<std::uint8_t> bytes) {
        if (to.wire_tx) call({.to = &to, .kind = Kind::frame, .at = agenda_.now(), .bytes = std::move(bytes)});
    }
    /// Calls to it are forgotten.
    void forget(const DriverCalls& to);

    /// Lets time pass, with what happens then.
    void run_to(std::uint64_t ps);
    std::uint64_t now() const { return agenda_.now(); }
    std::uint64_t next_ps() { return agenda_.next_ps(); }

  private:
    enum class Kind { line, message, frame };
    struct Call {
        DriverCalls* to;
        Kind kind;
        bool level = false;
        std::uint64_t at = 0;  ///< of a message its address, of a frame its time
        std::uint32_t data = 0;
        std::vector<std::uint8_t> bytes{};
    };
    void call(Call next);
    void make_calls();
    static void make(const Call& call);

    Agenda agenda_;
    std::deque<Call> calls_;
    bool calling_ = false;
    bool stop_ = false;  ///< the agenda has calls to be made
};

}  // namespace turnpike
