// SPDX-License-Identifier: Apache-2.0
// The Verilated checksum accelerator (rtl/checksum) as an engine: `Model` is the class that Verilator made of it,
// `Recorder` what looks at its signals (recorder.h), made of the constructor's arguments.
#pragma once
#include <cassert>
#include <deque>
#include <utility>

#include "models/accel/checksum_engine.h"
#include "models/accel/rtl/clocked_model.h"

namespace turnpike {

template <typename Model, typename Recorder>
class ChecksumRtlOf final : public ChecksumEngine {
  public:
    template <typename... Arguments>
    explicit ChecksumRtlOf(Arguments&&... of_recorder) : model_(std::forward<Arguments>(of_recorder)...) {
        reset();
    }
    ~ChecksumRtlOf() override { model_.ports().final(); }

    void reset() override {
        model_.reset();
        sums_.clear();
    }

    std::uint64_t read(std::uint64_t offset, std::uint64_t cycle) override {
        run_to(cycle);
        return model_.read(offset);
    }

    std::optional<ChecksumCommand> write(std::uint64_t offset, std::uint64_t value, std::uint64_t cycle) override {
        run_to(cycle);
        model_.write(offset, value);
        model_.enter(1);
        Model& ports = model_.ports();
        ports.eval();
        if (!ports.command_valid_o) return std::nullopt;
        return ChecksumCommand{ports.command_address_o, ports.command_length_o, ports.command_seed_o,
                               ports.command_udp_o != 0};
    }

    void beat(const ChecksumBeat& beat, std::uint64_t cycle) override {
        run_to(cycle);
        Model& ports = model_.ports();
        assert(!ports.valid_i && "two beats in one clock");
        ports.valid_i = 1;
        for (unsigned n = 0; n < beat.data.size(); ++n) {
            ports.data_i[2 * n] = static_cast<std::uint32_t>(beat.data[n]);
            ports.data_i[2 * n + 1] = static_cast<std::uint32_t>(beat.data[n] >> 32);
        }
        ports.keep_i = beat.keep;
        ports.last_i = beat.last;
        ports.error_i = beat.error;
        ports.udp_i = beat.udp;
        ports.start_i = beat.start;
        ports.seed_i = beat.seed;
        model_.enter(kActiveClocks);
    }

    std::optional<ChecksumSum> sum(std::uint64_t cycle) override {
        run_to(cycle);
        if (sums_.empty() || sums_.front().cycle > cycle) return std::nullopt;
        const ChecksumSum sum = sums_.front();
        sums_.pop_front();
        return sum;
    }

  private:
    // Pipeline and RESULT: nothing moves any more this many clocks after a beat.
    static constexpr unsigned kActiveClocks = 2 * kChecksumLatency;

    void run_to(std::uint64_t cycle) {
        model_.run_to(cycle, [this](const Model& ports) {
            // The sum is on offer now, and taken at the next edge since ready_i is always set.
            if (ports.valid_o) sums_.push_back({ports.sum_o, ports.check_o, ports.error_o != 0, model_.next_edge()});
        });
    }

    ClockedModel<Model, Recorder> model_;
    std::deque<ChecksumSum> sums_;
};

}  // namespace turnpike
