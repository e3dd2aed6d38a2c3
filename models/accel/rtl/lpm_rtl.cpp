// SPDX-License-Identifier: Apache-2.0
#include "models/accel/rtl/lpm_rtl.h"

#include <Vlpm_accelerator.h>

#include <algorithm>
#include <cassert>
#include <deque>

#include "models/accel/rtl/clocked_model.h"

namespace turnpike {

struct LpmRtl::Impl {
    // Registers, pipeline and the answer's own clock: nothing moves any more this many clocks after a request.
    static constexpr unsigned kActiveClocks = 2 * kLpmLatency;

    struct Answered {
        std::uint8_t tag;
        LpmAnswer answer;
    };

    void run_to(std::uint64_t cycle) {
        if (model.next_edge() < cycle) note_answer();
        model.run_to(cycle, [&](Vlpm_accelerator&) {
            end_requests();
            if (model.next_edge() < cycle) note_answer();
        });
    }

    /// What was asked for at one edge is over at the next.
    void end_requests() {
        Vlpm_accelerator& ports = model.ports();
        ports.update_valid_i = 0;
        ports.completed_i = 0;
        ports.dropped_i = 0;
        ports.bus_error_i = 0;
        ports.bad_ring_i = 0;
    }

    /// What is on offer is taken at the next edge, unless it is held up. Once that edge's inputs are known.
    void note_answer() {
        const Vlpm_accelerator& ports = model.ports();
        if (!ports.valid_o || !ports.ready_i || noted_at == model.next_edge()) return;
        noted_at = model.next_edge();
        answers.push_back({ports.tag_o, {ports.index_o, noted_at}});
        model.enter(1);
    }

    ClockedModel<Vlpm_accelerator> model;
    std::deque<Answered> answers;
    Ticket issued = 0;
    std::uint64_t noted_at = ~0ULL;
};

LpmRtl::LpmRtl() : impl_(std::make_unique<Impl>()) { reset(); }
LpmRtl::~LpmRtl() { impl_->model.ports().final(); }

void LpmRtl::reset() {
    impl_->end_requests();
    impl_->model.reset();
    impl_->answers.clear();
    impl_->noted_at = ~0ULL;
}

std::uint64_t LpmRtl::read(std::uint64_t offset, std::uint64_t cycle) {
    impl_->run_to(cycle);
    return impl_->model.read(offset);
}

std::optional<LpmCommand> LpmRtl::write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) {
    impl_->run_to(cycle);
    impl_->model.write(offset, value);
    impl_->model.enter(1);
    Vlpm_accelerator& ports = impl_->model.ports();
    if (offset != regs::lpm::UPDATE_DOORBELL && offset != regs::lpm::LOOKASIDE_TAIL) return std::nullopt;
    ports.eval();
    if (ports.update_o) return LpmCommand{LpmCommand::Kind::update, ports.update_base_o, 0, 0, ports.count_o};
    if (ports.lookaside_o) {
        return LpmCommand{LpmCommand::Kind::lookaside, ports.lookaside_requests_o, ports.lookaside_completions_o,
                          ports.lookaside_entries_o, ports.count_o};
    }
    return std::nullopt;
}

void LpmRtl::update(const LpmUpdate& record, std::uint64_t cycle) {
    impl_->run_to(cycle);
    Vlpm_accelerator& ports = impl_->model.ports();
    assert(!ports.update_valid_i && !(ports.req_i && ports.we_i) && "two writes in one clock");
    ports.update_valid_i = 1;
    ports.update_place_i = static_cast<std::uint32_t>(record.place);
    ports.update_high_i = static_cast<std::uint32_t>(record.high);
    ports.update_data_i = record.data;
    impl_->model.enter(1);
}

void LpmRtl::moved(const LpmMoved& moved, std::uint64_t cycle) {
    impl_->run_to(cycle);
    Vlpm_accelerator& ports = impl_->model.ports();
    ports.completed_i = static_cast<std::uint8_t>(moved.completions);
    ports.dropped_i = static_cast<std::uint32_t>(moved.dropped);
    ports.bus_error_i = moved.bus_error;
    ports.bad_ring_i = moved.bad_ring;
    impl_->model.enter(1);
}

bool LpmRtl::ready(std::uint64_t cycle) {
    impl_->run_to(cycle);
    return impl_->model.ports().ready_o != 0;
}

LpmEngine::Ticket LpmRtl::issue(std::uint32_t address, std::uint64_t cycle) {
    impl_->run_to(cycle);
    Vlpm_accelerator& ports = impl_->model.ports();
    assert(!ports.valid_i && "two lookups in one clock");
    ports.valid_i = 1;
    ports.address_i = address;
    ports.tag_i = static_cast<std::uint8_t>(impl_->issued);
    impl_->model.enter(Impl::kActiveClocks);
    return impl_->issued++;
}

void LpmRtl::hold(bool held, std::uint64_t cycle) {
    impl_->run_to(cycle);
    impl_->model.ports().ready_i = held ? 0 : 1;
    impl_->model.enter(Impl::kActiveClocks + kLpmInFlight);
}

std::optional<LpmAnswer> LpmRtl::answer(Ticket ticket, std::uint64_t cycle) {
    impl_->run_to(cycle);
    impl_->note_answer();
    const auto found = std::find_if(impl_->answers.begin(), impl_->answers.end(), [=](const Impl::Answered& answered) {
        return answered.tag == static_cast<std::uint8_t>(ticket) && answered.answer.cycle <= cycle;
    });
    if (found == impl_->answers.end()) return std::nullopt;
    const LpmAnswer answer = found->answer;
    impl_->answers.erase(found);
    return answer;
}

}  // namespace turnpike
