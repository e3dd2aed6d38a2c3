// SPDX-License-Identifier: Apache-2.0
// A Verilated model with its clock: edges are numbered, and those at which nothing happens are skipped.
#pragma once
#include <verilated.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "models/accel/rtl/recorder.h"

namespace turnpike {

/// `Model` has ports clk_i, rst_ni, req_i, we_i, addr_i, wdata_i, rdata_o.
template <typename Model, typename Recorder>
class ClockedModel {
  public:
    template <typename... Arguments>
    explicit ClockedModel(Arguments&&... of_recorder) : recorder_(std::forward<Arguments>(of_recorder)...) {
        context_.traceEverOn(Recorder::kRecords);
        recorder_.watch(model_);
    }
    /// Verilator takes a model's scopes out of the context that the thread used last, which may be that of another
    /// model, already gone.
    ~ClockedModel() { Verilated::threadContextp(&context_); }
    ClockedModel(const ClockedModel&) = delete;
    ClockedModel& operator=(const ClockedModel&) = delete;

    Model& ports() { return model_; }
    /// The edge that comes next; the inputs are those of that edge.
    std::uint64_t next_edge() const { return next_edge_; }

    void reset() {
        model_.req_i = 0;
        model_.valid_i = 0;
        model_.ready_i = 1;
        model_.rst_ni = 0;
        for (unsigned n = 0; n < kResetEdges; ++n) {
            set_clock(1);
            set_clock(0);
        }
        model_.rst_ni = 1;
        next_edge_ = 0;
        active_ = 0;
    }

    /// Something enters at the next edge: it and `clocks` more have to be clocked.
    void enter(unsigned clocks) { active_ = std::max(active_, clocks + 1); }

    /// Clocks all edges before `cycle`. `after_edge(model)` looks at the outputs after each.
    template <typename Observer>
    void run_to(std::uint64_t cycle, Observer&& after_edge) {
        while (next_edge_ < cycle && active_ > 0) {
            set_clock(1);
            recorder_.clocked(next_edge_, true);
            set_clock(0);
            recorder_.clocked(next_edge_, false);
            model_.req_i = 0;
            model_.valid_i = 0;
            ++next_edge_;
            --active_;
            after_edge(model_);
        }
        next_edge_ = std::max(next_edge_, cycle);
    }

    /// What the register bus reads before the next edge; the request itself leaves no trace.
    std::uint64_t read(std::uint64_t offset) {
        const auto we = model_.we_i;
        const auto req = model_.req_i;
        const auto addr = model_.addr_i;
        model_.req_i = 1;
        model_.we_i = 0;
        model_.addr_i = static_cast<std::uint16_t>(offset);
        model_.eval();
        const std::uint64_t value = model_.rdata_o;
        model_.we_i = we;
        model_.req_i = req;
        model_.addr_i = addr;
        return value;
    }

    void write(std::uint64_t offset, std::uint64_t value) {
        model_.req_i = 1;
        model_.we_i = 1;
        model_.addr_i = static_cast<std::uint16_t>(offset);
        model_.wdata_i = value;
    }

  private:
    static constexpr unsigned kResetEdges = 4;

    void set_clock(unsigned level) {
        model_.clk_i = level & 1;
        model_.eval();
    }

    VerilatedContext context_;
    Model model_{&context_};
    Recorder recorder_;  // goes before the model whose signals it knows
    std::uint64_t next_edge_ = 0;
    unsigned active_ = 0;  ///< edges still to be clocked
};

}  // namespace turnpike
