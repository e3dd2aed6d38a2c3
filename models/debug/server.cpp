// SPDX-License-Identifier: Apache-2.0
#include "models/debug/server.h"

#include <fmt/core.h>

#include <utility>

namespace turnpike::gdb {
namespace {

/// Blocks between two looks at the socket: some tens of microseconds of the host's time.
constexpr std::uint32_t kLookEvery = 4096;

constexpr const char* kNotHeld = "turnpike: all cores go on: they share one time, and none can be held back\n";

}  // namespace

Server::~Server() {
    if (target_ != nullptr)
        for (unsigned n = 0; n < target_->cores(); ++n) target_->core(n).set_debugger(nullptr);
}

void Server::attach(Target& target) {
    target_ = &target;
    session_.emplace(target, points_);
    for (unsigned n = 0; n < target.cores(); ++n) target.core(n).set_debugger(this);
}

void Server::take_gdb(bool wait) {
    connection_.accept(wait);
    if (!connection_.open()) return;
    if (session_) session_->begin();
    expected_ = explained_ = false;
    interrupted_ = true;
}

void Server::lost_gdb() {
    points_.clear();
    kept_.clear();
    interrupted_ = expected_ = false;
    step_ = {};
    pending_.reset();
    watched_.reset();
}

void Server::disconnect() {
    connection_.close();
    lost_gdb();
}

unsigned Server::number_of(const cpu::Core& core) const {
    for (unsigned n = 0; n < target_->cores(); ++n)
        if (&target_->core(n) == &core) return n;
    return 0;
}

void Server::look_for_interrupt() {
    if (!connection_.open()) return take_gdb(false);
    connection_.receive(false);
    if (!connection_.open()) return lost_gdb();
    std::string body;
    for (auto kind = connection_.next(body); kind != PacketReader::Kind::none; kind = connection_.next(body))
        if (kind == PacketReader::Kind::interrupt) interrupted_ = true;
}

bool Server::breakpoint_for(const cpu::Core& core, std::uint64_t begin, std::uint64_t end) const {
    if (points_.breakpoint_in(begin, end)) return true;
    return step_.alone && step_.core != &core && kept_.breakpoint_in(begin, end);
}

bool Server::wants(const cpu::Core& core, std::uint64_t begin, std::uint64_t end) {
    if (++calls_ % kLookEvery == 0) look_for_interrupt();
    return interrupted_ || step_.core == &core || points_.watching() || breakpoint_for(core, begin, end);
}

void Server::before(cpu::Core& core) {
    const bool stepped = step_.core == &core && core.rip() != step_.from;
    const bool breakpoint = breakpoint_for(core, core.rip(), core.rip() + 1);
    if (step_.core == &core) step_.begun = true;
    if (!interrupted_ && !stepped && !breakpoint) return;
    Stop why;
    why.core = number_of(core);
    if (breakpoint)
        why.reason = Stop::Reason::breakpoint;
    else if (!stepped)
        why.signal = Signal::interrupt;
    asked_ = &core;
    stop(why);
    asked_ = nullptr;
}

void Server::accessed(cpu::Core& core, std::uint64_t address, std::uint64_t bytes, bool write) {
    if (watched_) return;
    const auto point =
        points_.hit(address, bytes, write, [&core](std::uint64_t linear) { return core.translate_debug(linear); });
    if (point) watched_ = Stop{Signal::trap, number_of(core), Stop::Reason::watchpoint, *point};
}

void Server::after(cpu::Core& core) {
    const bool stepped = step_.core == &core && (step_.begun || core.rip() != step_.from);
    if (!watched_ && !stepped) return;
    Stop why;
    why.core = number_of(core);
    stop(std::exchange(watched_, std::nullopt).value_or(why));
}

/// A linear address is one of some core's.
void Server::device_wrote(const std::string& device, std::uint64_t physical, std::uint64_t bytes) {
    if (!points_.watching()) return;
    for (unsigned n = 0; n < target_->cores(); ++n) {
        const cpu::Core& core = target_->core(n);
        const auto point =
            points_.hit(physical, bytes, true, [&core](std::uint64_t linear) { return core.translate_debug(linear); });
        if (!point) continue;
        connection_.send(
            console_output(fmt::format("turnpike: not a core but {} wrote {} bytes at physical 0x{:x}, {}\n", device,
                                       bytes, physical, target_->time())));
        return stop({Signal::trap, n, Stop::Reason::watchpoint, *point});
    }
}

void Server::poll() {
    look_for_interrupt();
    if (!interrupted_ || target_ == nullptr) return;
    stop({Signal::interrupt, last_stopped_, Stop::Reason::other, {}});
}

void Server::died(unsigned core) {
    if (connection_.open()) stop({Signal::abort, core, Stop::Reason::other, {}});
}

void Server::exited(unsigned status) {
    if (!connection_.open()) return;
    if (expected_) connection_.send(fmt::format("W{:02x}", status & 0xFF));
    disconnect();
}

/// What is told in place of a stop of another core: that the step is done. The other's comes when gdb lets all go on.
Stop Server::for_step_alone(const Stop& why) {
    const unsigned stepping = number_of(*step_.core);
    if (why.core == stepping) return why;
    Stop told;
    told.core = stepping;
    told.signal = why.signal;
    if (why.signal == Signal::trap) pending_ = why;
    return told;
}

void Server::stop(const Stop& why) {
    const Stop told = step_.alone ? for_step_alone(why) : why;
    interrupted_ = false;
    step_ = {};
    last_stopped_ = told.core;
    const std::string reply = session_->stopped(told);
    // A gdb that has just come asks by itself.
    if (expected_) connection_.send(reply);
    expected_ = false;
    serve();
}

void Server::serve() {
    std::string body;
    while (connection_.open()) {
        switch (connection_.next(body)) {
            case PacketReader::Kind::none:
                connection_.receive(true);
                break;
            case PacketReader::Kind::packet:
                if (!session_->no_acknowledgements()) connection_.send_raw("+");
                if (!answer(body)) return;
                break;
            case PacketReader::Kind::damaged:
                connection_.send_raw("-");
                break;
            case PacketReader::Kind::repeat:
                connection_.send_again();
                break;
            case PacketReader::Kind::acknowledge:
            case PacketReader::Kind::interrupt:  // it stands still already
                break;
        }
    }
    lost_gdb();
}

/// False: the machine goes on.
bool Server::answer(std::string_view packet) {
    const Answer answer = session_->handle(packet);
    for (const std::string& body : answer.packets) connection_.send(body);
    switch (answer.then) {
        case Then::stay:
            return true;
        case Then::step:
            begin_step(answer);
            [[fallthrough]];
        case Then::run:
            if (!step_.alone) {
                if (tell_pending()) return true;
                kept_ = points_;
                if (answer.others_held && !std::exchange(explained_, true)) connection_.send(console_output(kNotHeld));
            }
            expected_ = true;
            return false;
        case Then::kill:
            killed_ = true;
            target_->kill();
            [[fallthrough]];
        case Then::detach:
            disconnect();
            return false;
    }
    return true;
}

void Server::begin_step(const Answer& answer) {
    const cpu::Core& core = target_->core(answer.core);
    const std::uint64_t rip = core.rip();
    step_.core = &core;
    step_.from = rip;
    // A core in `before` has been asked about its instruction, unless gdb has moved it since.
    step_.begun = asked_ == &core && session_->stopped_at() == rip;
    step_.alone = answer.others_held && kept_.breakpoint_in(rip, rip + 1) && !points_.breakpoint_in(rip, rip + 1);
}

/// What could not be told during a step alone takes the place of going on.
bool Server::tell_pending() {
    if (!pending_) return false;
    const Stop why = *std::exchange(pending_, std::nullopt);
    step_ = {};
    last_stopped_ = why.core;
    connection_.send(session_->stopped(why));
    return true;
}

}  // namespace turnpike::gdb
