// SPDX-License-Identifier: Apache-2.0
// The Verilated longest-prefix-match accelerator (rtl/lpm) as an engine: `Model` is the class that Verilator made of
// it, `Recorder` what looks at its signals (recorder.h), made of the constructor's arguments.
#pragma once
#include <algorithm>
#include <cassert>
#include <deque>
#include <utility>

#include "models/accel/lpm_engine.h"
#include "models/accel/rtl/clocked_model.h"

namespace turnpike {

template <typename Model, typename Recorder>
class LpmRtlOf final : public LpmEngine {
  public:
    template <typename... Arguments>
    explicit LpmRtlOf(Arguments&&... of_recorder) : model_(std::forward<Arguments>(of_recorder)...) {
        reset();
    }
    ~LpmRtlOf() override { model_.ports().final(); }

    void reset() override {
        end_requests();
        model_.reset();
        answers_.clear();
        noted_at_ = ~0ULL;
    }

    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override {
        run_to(cycle);
        return model_.read(offset);
    }

    std::optional<LpmCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override {
        run_to(cycle);
        model_.write(offset, value);
        model_.enter(1);
        Model& ports = model_.ports();
        if (offset != regs::lpm::UPDATE_DOORBELL && offset != regs::lpm::LOOKASIDE_TAIL) return std::nullopt;
        ports.eval();
        if (ports.update_o) return LpmCommand{LpmCommand::Kind::update, ports.update_base_o, 0, 0, ports.count_o};
        if (ports.lookaside_o) {
            return LpmCommand{LpmCommand::Kind::lookaside, ports.lookaside_requests_o, ports.lookaside_completions_o,
                              ports.lookaside_entries_o, ports.count_o};
        }
        return std::nullopt;
    }

    void update(const LpmUpdate& record, std::uint64_t cycle) override {
        run_to(cycle);
        Model& ports = model_.ports();
        assert(!ports.update_valid_i && !(ports.req_i && ports.we_i) && "two writes in one clock");
        ports.update_valid_i = 1;
        ports.update_place_i = static_cast<std::uint32_t>(record.place);
        ports.update_high_i = static_cast<std::uint32_t>(record.high);
        ports.update_data_i = record.data;
        model_.enter(1);
    }

    void moved(const LpmMoved& moved, std::uint64_t cycle) override {
        run_to(cycle);
        Model& ports = model_.ports();
        ports.completed_i = static_cast<std::uint8_t>(moved.completions);
        ports.dropped_i = static_cast<std::uint32_t>(moved.dropped);
        ports.bus_error_i = moved.bus_error;
        ports.bad_ring_i = moved.bad_ring;
        model_.enter(1);
    }

    bool ready(std::uint64_t cycle) override {
        run_to(cycle);
        return model_.ports().ready_o != 0;
    }

    Ticket issue(std::uint32_t address, std::uint64_t cycle) override {
        run_to(cycle);
        Model& ports = model_.ports();
        assert(!ports.valid_i && "two lookups in one clock");
        ports.valid_i = 1;
        ports.address_i = address;
        ports.tag_i = static_cast<std::uint8_t>(issued_);
        model_.enter(kActiveClocks);
        return issued_++;
    }

    void hold(bool held, std::uint64_t cycle) override {
        run_to(cycle);
        model_.ports().ready_i = held ? 0 : 1;
        model_.enter(kActiveClocks + kLpmInFlight);
    }

    std::optional<LpmAnswer> answer(Ticket ticket, std::uint64_t cycle) override {
        run_to(cycle);
        note_answer();
        const auto found = std::find_if(answers_.begin(), answers_.end(), [=](const Answered& answered) {
            return answered.tag == static_cast<std::uint8_t>(ticket) && answered.answer.cycle <= cycle;
        });
        if (found == answers_.end()) return std::nullopt;
        const LpmAnswer answer = found->answer;
        answers_.erase(found);
        return answer;
    }

  private:
    // Registers, pipeline and the answer's own clock: nothing moves any more this many clocks after a request.
    static constexpr unsigned kActiveClocks = 2 * kLpmLatency;

    struct Answered {
        std::uint8_t tag;
        LpmAnswer answer;
    };

    void run_to(std::uint64_t cycle) {
        if (model_.next_edge() < cycle) note_answer();
        model_.run_to(cycle, [&](Model&) {
            end_requests();
            if (model_.next_edge() < cycle) note_answer();
        });
    }

    /// What was asked for at one edge is over at the next.
    void end_requests() {
        Model& ports = model_.ports();
        ports.update_valid_i = 0;
        ports.completed_i = 0;
        ports.dropped_i = 0;
        ports.bus_error_i = 0;
        ports.bad_ring_i = 0;
    }

    /// What is on offer is taken at the next edge, unless it is held up. Once that edge's inputs are known.
    void note_answer() {
        const Model& ports = model_.ports();
        if (!ports.valid_o || !ports.ready_i || noted_at_ == model_.next_edge()) return;
        noted_at_ = model_.next_edge();
        answers_.push_back({ports.tag_o, {ports.index_o, noted_at_}});
        model_.enter(1);
    }

    ClockedModel<Model, Recorder> model_;
    std::deque<Answered> answers_;
    Ticket issued_ = 0;
    std::uint64_t noted_at_ = ~0ULL;
};

}  // namespace turnpike
