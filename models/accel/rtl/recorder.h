// SPDX-License-Identifier: Apache-2.0
// Records a Verilated model's signals, or not. Only models Verilated with --trace-fst can be recorded; they are classes
// of their own, so that the others stay as fast as they are.
#pragma once
#include <verilated_fst_c.h>

#include "models/accel/waveform.h"

namespace turnpike {

/// Of a model that cannot be recorded.
struct NoRecorder {
    static constexpr bool kRecords = false;
    template <typename Model>
    void watch(Model&) {}
    void clocked(std::uint64_t, bool) {}
};

/// Writes what changes at each edge within the window. Times in the file are those of the window, in ps.
class FstRecorder {
  public:
    static constexpr bool kRecords = true;
    explicit FstRecorder(Waveform waveform) : waveform_(std::move(waveform)) {}
    ~FstRecorder() { close(); }
    FstRecorder(const FstRecorder&) = delete;
    FstRecorder& operator=(const FstRecorder&) = delete;

    template <typename Model>
    void watch(Model& model) {
        constexpr int kAllLevels = 99;
        model.trace(&fst_, kAllLevels);
        fst_.set_time_unit("1ps");
        fst_.set_time_resolution("1ps");
        fst_.open(waveform_.window.file.c_str());
    }
    /// The clock has risen or fallen at this edge, and the model has settled.
    void clocked(std::uint64_t edge, bool high) {
        const std::uint64_t zero = *waveform_.zero_ps;
        if (!fst_.isOpen() || zero == Waveform::kNotYet) return;
        const std::uint64_t rise = waveform_.edge_ps(edge);
        const std::uint64_t ps = high ? rise : rise + (waveform_.edge_ps(edge + 1) - rise) / 2;
        if (ps < zero || ps - zero < waveform_.window.start_ps) return;
        if (ps - zero > waveform_.window.stop_ps) return close();
        fst_.dump(ps - zero);
    }

  private:
    void close() {
        if (fst_.isOpen()) fst_.close();
    }
    Waveform waveform_;
    VerilatedFstC fst_;
};

}  // namespace turnpike
