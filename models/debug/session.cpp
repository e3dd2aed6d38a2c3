// SPDX-License-Identifier: Apache-2.0
#include "models/debug/session.h"

#include <fmt/core.h>

#include <algorithm>

#include "models/debug/memory.h"
#include "models/debug/packet.h"
#include "models/debug/registers.h"

namespace turnpike::gdb {
namespace {

constexpr unsigned kMalformed = 0x16;  // EINVAL
constexpr unsigned kNoMemory = 0x0E;   // EFAULT
constexpr std::size_t kMostBytes = kMaxPacket / 2;

struct Area {
    std::uint64_t address;
    std::uint64_t bytes;
};

/// ADDRESS,BYTES
std::optional<Area> take_area(std::string_view& text) {
    const auto address = take_number(text);
    if (!address || !take(text, ',')) return std::nullopt;
    const auto bytes = take_number(text);
    if (!bytes) return std::nullopt;
    return Area{*address, *bytes};
}

}  // namespace

void Session::begin() {
    points_.clear();
    stop_ = {};
    general_ = continued_ = 0;
    no_acknowledgements_ = tells_breakpoints_ = false;
}

Answer Session::fail(unsigned code) const { return {{fmt::format("E{:02x}", code)}}; }

std::string Session::stopped(const Stop& stop) {
    stop_ = stop;
    stopped_at_ = target_.core(stop.core).rip();
    general_ = continued_ = stop.core;
    return stop_reply();
}

std::string Session::stop_reply() const {
    std::string reply = fmt::format("T{:02x}", static_cast<unsigned>(stop_.signal));
    if (stop_.reason == Stop::Reason::breakpoint && tells_breakpoints_) reply += "swbreak:;";
    if (stop_.reason == Stop::Reason::watchpoint) {
        const PointKind kind = stop_.watchpoint.kind;
        const char* word = kind == PointKind::write ? "watch" : kind == PointKind::read ? "rwatch" : "awatch";
        reply += fmt::format("{}:{:x};", word, stop_.watchpoint.address);
    }
    return reply + fmt::format("thread:{:x};", stop_.core + 1);
}

Answer Session::handle(std::string_view packet) {
    if (packet.empty()) return {{""}};
    const char kind = packet.front();
    std::string_view rest = packet.substr(1);
    switch (kind) {
        case '?':
            return {{stop_reply()}};
        case 'g':
            return {{read_registers(general())}};
        case 'G':
            return write_registers(general(), rest) ? ok() : fail(kMalformed);
        case 'p':
            return read_one(rest);
        case 'P':
            return write_one(rest);
        case 'm':
            return read_bytes(rest);
        case 'M':
            return write_bytes(rest, false);
        case 'X':
            return write_bytes(rest, true);
        case 'c':
        case 'C':
        case 's':
        case 'S':
            return resume(kind, rest);
        case 'H':
            return select_thread(rest);
        case 'T':
            return thread_alive(rest);
        case 'Z':
        case 'z':
            return point(rest, kind == 'Z');
        case 'q':
            return query(rest);
        case 'Q':
            return set(rest);
        case 'D':
            return {{"OK"}, Then::detach};
        case 'k':
            return {{}, Then::kill};
        case 'v':
            if (take(rest, "Cont?")) return {{"vCont;c;C;s;S;t"}};
            if (take(rest, "Cont;")) return resume_threads(rest);
            if (rest.starts_with("Kill")) return {{"OK"}, Then::kill};
            return {{""}};
        default:
            return {{""}};  // not supported (E.1)
    }
}

/// c and s may carry an address, C and S a signal, which the machine has no use for, and an address behind it.
Answer Session::resume(char kind, std::string_view text) {
    const bool step = kind == 's' || kind == 'S';
    if (kind == 'C' || kind == 'S') {
        if (!take_number(text)) return fail(kMalformed);
        take(text, ';');
    }
    if (!text.empty()) {
        const auto address = take_number(text);
        if (!address) return fail(kMalformed);
        target_.core(continued_).set_rip(*address);
    }
    return {{}, step ? Then::step : Then::run, continued_};
}

/// Of the actions that name a core the leftmost counts (E.2, vCont). All cores go on together, since they share one
/// time; the first that is to step decides when they stop.
Answer Session::resume_threads(std::string_view text) {
    Answer answer;
    bool covered = false;  // an action for all cores has come
    while (!text.empty()) {
        std::string_view action = take_until(text, ';');
        if (action.empty()) return fail(kMalformed);
        const char kind = action.front();
        action.remove_prefix(1);
        if ((kind == 'C' || kind == 'S') && !take_number(action)) return fail(kMalformed);
        std::optional<unsigned> core = stop_.core;
        const bool all = action.empty() || action == ":-1";
        if (take(action, ':')) core = core_of(action, stop_.core);
        if (!core || !action.empty()) return fail(kMalformed);
        const bool step = kind == 's' || kind == 'S';
        if (!step && kind != 'c' && kind != 'C' && kind != 't') return fail(kMalformed);
        if (kind != 't' && answer.then != Then::step && !covered) {
            answer.then = step ? Then::step : Then::run;
            if (step) answer.core = *core;
        }
        covered = covered || all;
    }
    answer.others_held = !covered && target_.cores() > 1;
    return answer.then == Then::stay ? fail(kMalformed) : answer;
}

std::optional<unsigned> Session::core_of(std::string_view& text, unsigned fallback) const {
    if (take(text, "-1")) return fallback;
    const auto thread = take_number(text);
    if (!thread || *thread > target_.cores()) return std::nullopt;
    return *thread == 0 ? fallback : static_cast<unsigned>(*thread - 1);
}

Answer Session::select_thread(std::string_view text) {
    const bool all = take(text, 'g');
    if (!all && !take(text, 'c')) return fail(kMalformed);
    unsigned& selected = all ? general_ : continued_;
    const auto core = core_of(text, stop_.core);
    if (!core) return fail(kMalformed);
    selected = *core;
    return ok();
}

Answer Session::thread_alive(std::string_view text) {
    const auto thread = take_number(text);
    return thread && *thread >= 1 && *thread <= target_.cores() ? ok() : fail(1);
}

Answer Session::read_one(std::string_view text) {
    const auto reg = take_number(text);
    if (!reg || *reg >= register_count()) return fail(kMalformed);
    return {{read_register(general(), static_cast<unsigned>(*reg))}};
}

Answer Session::write_one(std::string_view text) {
    const auto reg = take_number(text);
    if (!reg || *reg >= register_count() || !take(text, '=')) return fail(kMalformed);
    return write_register(general(), static_cast<unsigned>(*reg), text) ? ok() : fail(kMalformed);
}

Answer Session::read_bytes(std::string_view text) {
    const auto area = take_area(text);
    if (!area || !text.empty()) return fail(kMalformed);
    const std::string data = read_memory(target_, general(), area->address, std::min(area->bytes, kMostBytes));
    if (data.empty() && area->bytes != 0) return fail(kNoMemory);
    return {{to_hex(data)}};
}

Answer Session::write_bytes(std::string_view text, bool binary) {
    const auto area = take_area(text);
    if (!area || !take(text, ':')) return fail(kMalformed);
    std::string data;
    if (binary) {
        data = unescape(text);
    } else {
        const auto bytes = from_hex(text);
        if (!bytes) return fail(kMalformed);
        data.assign(bytes->begin(), bytes->end());
    }
    if (data.size() != area->bytes) return fail(kMalformed);
    return write_memory(target_, general(), area->address, data) ? ok() : fail(kNoMemory);
}

Answer Session::point(std::string_view text, bool insert) {
    const auto kind = take_number(text);
    if (!kind || !take(text, ',')) return fail(kMalformed);
    if (*kind > static_cast<unsigned>(PointKind::access)) return {{""}};
    const auto area = take_area(text);
    if (!area) return fail(kMalformed);
    const auto what = static_cast<PointKind>(*kind);
    if (insert) return points_.insert(what, area->address, area->bytes) ? ok() : fail(kMalformed);
    points_.remove(what, area->address, area->bytes);
    return ok();
}

}  // namespace turnpike::gdb
