// SPDX-License-Identifier: Apache-2.0
// The far end of a port's transmit wire: writes what the port sends to a capture, in the order it leaves.
#pragma once
#include <filesystem>

#include "models/core/frame.h"
#include "models/link/capture.h"

namespace turnpike {

class CaptureSink : public FrameSink {
  public:
    /// A frame's time stamp is that of its last bit leaving the port, so the wire's propagation is taken off again.
    CaptureSink(const std::filesystem::path& path, std::uint64_t propagation_ps)
        : writer_(path), propagation_ps_(propagation_ps) {}

    /// Times count from `zero_ps`, which is `epoch_ns` in the file.
    void start(std::uint64_t zero_ps, std::uint64_t epoch_ns);
    void receive(Frame frame) override;
    /// Throws CaptureError when the file cannot be written.
    void close() { writer_.close(); }
    std::uint64_t frames() const { return frames_; }

  private:
    CaptureWriter writer_;
    std::uint64_t propagation_ps_;
    std::uint64_t zero_ps_ = 0;
    std::uint64_t epoch_ns_ = 0;
    std::uint64_t frames_ = 0;
};

}  // namespace turnpike
