// SPDX-License-Identifier: Apache-2.0
#include "models/accel/lockstep.h"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <systemc>
#include <utility>

namespace turnpike {

namespace {

using Request = RequestHistory::Request;

constexpr const char* kAtClock = " at clock ";

std::string describe(const Request& request) {
    return fmt::format("{} {:#x} at clock {}: {:#x} at clock {}", request.kind, request.what, request.cycle,
                       request.result, request.done);
}

}  // namespace

void rethrow_lockstep(const sc_core::sc_report& report) {
    const char* text = report.get_msg();
    const char* start = text == nullptr ? nullptr : std::strstr(text, LockstepMismatch::kPrefix);
    if (start != nullptr) throw LockstepMismatch(start);
}

std::uint64_t LockstepMismatch::clock() const {
    const char* at = std::strstr(what(), kAtClock);
    return at == nullptr ? 0 : std::strtoull(at + std::strlen(kAtClock), nullptr, 10);
}

void RequestHistory::add(const Request& request) {
    if (requests_.size() == kKept) requests_.pop_front();
    requests_.push_back(request);
}

std::string RequestHistory::text() const {
    std::string text;
    for (const Request& request : requests_) text += "\n    " + describe(request);
    return text;
}

void LockstepComparison::operator()(const Request& twin, const Request& rtl) {
    twin_.add(twin);
    rtl_.add(rtl);
    if (twin.result != rtl.result || twin.done != rtl.done) {
        fail(fmt::format("twin: {}; rtl: {}", describe(twin), describe(rtl)), std::max(twin.done, rtl.done));
    }
}

void LockstepComparison::fail(const std::string& what, std::uint64_t clock) const {
    throw LockstepMismatch(fmt::format("{}{}{}{}: {}\n  last requests of the twin:{}\n  last requests of the RTL:{}",
                                       LockstepMismatch::kPrefix, name_, kAtClock, clock, what, twin_.text(),
                                       rtl_.text()));
}

LockstepLpm::LockstepLpm(std::unique_ptr<LpmEngine> twin, std::unique_ptr<LpmEngine> rtl)
    : twin_(std::move(twin)), rtl_(std::move(rtl)) {}

void LockstepLpm::reset() {
    twin_->reset();
    rtl_->reset();
    issued_.clear();
}

std::uint64_t LockstepLpm::read(std::uint64_t offset, std::uint64_t cycle) {
    const std::uint64_t twin = twin_->read(offset, cycle);
    const std::uint64_t rtl = rtl_->read(offset, cycle);
    compare_({"read", offset, cycle, twin, cycle}, {"read", offset, cycle, rtl, cycle});
    return twin;
}

std::optional<LpmCommand> LockstepLpm::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    const std::optional<LpmCommand> twin = twin_->write(offset, value, cycle);
    const std::optional<LpmCommand> rtl = rtl_->write(offset, value, cycle);
    compare_({"write", offset, cycle, value, cycle}, {"write", offset, cycle, value, cycle});
    if (twin != rtl) {
        compare_.fail(fmt::format("write of {:#x} to {:#x} at clock {}: different doorbells", value, offset, cycle),
                      cycle);
    }
    return twin;
}

void LockstepLpm::update(const LpmUpdate& record, std::uint64_t cycle) {
    twin_->update(record, cycle);
    rtl_->update(record, cycle);
    compare_({"update", record.place, cycle, record.data, cycle}, {"update", record.place, cycle, record.data, cycle});
}

void LockstepLpm::moved(const LpmMoved& moved, std::uint64_t cycle) {
    twin_->moved(moved, cycle);
    rtl_->moved(moved, cycle);
}

bool LockstepLpm::ready(std::uint64_t cycle) {
    const bool twin = twin_->ready(cycle);
    const bool rtl = rtl_->ready(cycle);
    if (twin != rtl) {
        compare_.fail(fmt::format("at clock {} only the {} can accept a lookup", cycle, twin ? "twin" : "RTL"), cycle);
    }
    return twin;
}

void LockstepLpm::hold(bool held, std::uint64_t cycle) {
    twin_->hold(held, cycle);
    rtl_->hold(held, cycle);
}

LpmEngine::Ticket LockstepLpm::issue(std::uint32_t address, std::uint64_t cycle) {
    const Ticket ticket = twin_->issue(address, cycle);
    [[maybe_unused]] const Ticket other = rtl_->issue(address, cycle);
    assert(ticket == other && "engines count their lookups alike");
    issued_.push_back({ticket, address, cycle});
    return ticket;
}

std::optional<LpmAnswer> LockstepLpm::answer(Ticket ticket, std::uint64_t cycle) {
    const auto issued =
        std::find_if(issued_.begin(), issued_.end(), [=](const Issued& lookup) { return lookup.ticket == ticket; });
    assert(issued != issued_.end() && "no such lookup");
    const std::optional<LpmAnswer> twin = twin_->answer(ticket, cycle);
    const std::optional<LpmAnswer> rtl = rtl_->answer(ticket, cycle);
    if (twin.has_value() != rtl.has_value()) {
        compare_.fail(fmt::format("lookup {:#x} accepted at clock {}: at clock {} only the {} has answered",
                                  issued->address, issued->cycle, cycle, twin ? "twin" : "RTL"),
                      cycle);
    }
    if (!twin || !rtl) return std::nullopt;
    compare_({"lookup", issued->address, issued->cycle, twin->index, twin->cycle},
             {"lookup", issued->address, issued->cycle, rtl->index, rtl->cycle});
    issued_.erase(issued);
    return twin;
}

LockstepChecksum::LockstepChecksum(std::unique_ptr<ChecksumEngine> twin, std::unique_ptr<ChecksumEngine> rtl)
    : twin_(std::move(twin)), rtl_(std::move(rtl)) {}

void LockstepChecksum::reset() {
    twin_->reset();
    rtl_->reset();
    last_beats_.clear();
}

std::uint64_t LockstepChecksum::read(std::uint64_t offset, std::uint64_t cycle) {
    const std::uint64_t twin = twin_->read(offset, cycle);
    const std::uint64_t rtl = rtl_->read(offset, cycle);
    compare_({"read", offset, cycle, twin, cycle}, {"read", offset, cycle, rtl, cycle});
    return twin;
}

std::optional<ChecksumCommand> LockstepChecksum::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    const std::optional<ChecksumCommand> twin = twin_->write(offset, value, cycle);
    const std::optional<ChecksumCommand> rtl = rtl_->write(offset, value, cycle);
    compare_({"write", offset, cycle, value, cycle}, {"write", offset, cycle, value, cycle});
    if (twin != rtl) {
        compare_.fail(fmt::format("write of {:#x} to {:#x} at clock {}: different commands", value, offset, cycle),
                      cycle);
    }
    return twin;
}

void LockstepChecksum::beat(const ChecksumBeat& beat, std::uint64_t cycle) {
    twin_->beat(beat, cycle);
    rtl_->beat(beat, cycle);
    if (beat.last) last_beats_.push_back(cycle);
}

std::optional<ChecksumSum> LockstepChecksum::sum(std::uint64_t cycle) {
    const std::optional<ChecksumSum> twin = twin_->sum(cycle);
    const std::optional<ChecksumSum> rtl = rtl_->sum(cycle);
    if (twin.has_value() != rtl.has_value()) {
        compare_.fail(fmt::format("at clock {} only the {} has finished its sum", cycle, twin ? "twin" : "RTL"), cycle);
    }
    if (!twin || !rtl) return std::nullopt;
    assert(!last_beats_.empty() && "a sum that nobody asked for");
    const std::uint64_t last_beat = last_beats_.front();
    last_beats_.pop_front();
    const auto value = [](const ChecksumSum& sum) {
        return regs::checksum::RESULT_SUM.of(sum.sum) | regs::checksum::RESULT_BUS_ERROR.of(sum.error ? 1 : 0) |
               std::uint64_t{sum.check} << 32;
    };
    compare_({"sum ending", 0, last_beat, value(*twin), twin->cycle},
             {"sum ending", 0, last_beat, value(*rtl), rtl->cycle});
    return twin;
}

}  // namespace turnpike
