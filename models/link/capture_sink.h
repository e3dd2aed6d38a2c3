// SPDX-License-Identifier: Apache-2.0
// Stands where a wire out of the SoC begins: writes what left the port to a capture file, at the time of its last bit.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>

#include "models/core/frame.h"
#include "models/link/capture.h"

namespace turnpike {

class CaptureSink : public FrameSink {
  public:
    /// Opens the file: frames from now on are written to it, with times that count from `zero_ps`, which is `epoch_ns`
    /// in the file. Frames before that are counted only.
    void start(const std::filesystem::path& path, std::uint64_t zero_ps, std::uint64_t epoch_ns);
    void receive(Frame frame) override;
    /// Throws CaptureError when the file cannot be written.
    void close();
    std::uint64_t frames() const { return frames_; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    std::optional<CaptureWriter> writer_;
    std::uint64_t zero_ps_ = 0;
    std::uint64_t epoch_ns_ = 0;
    std::uint64_t frames_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace turnpike
