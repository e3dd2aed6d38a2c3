// SPDX-License-Identifier: Apache-2.0
#include "models/link/capture_sink.h"

#include "models/core/clock.h"

namespace turnpike {

void CaptureSink::start(const std::filesystem::path& path, std::uint64_t zero_ps, std::uint64_t epoch_ns) {
    writer_.emplace(path);
    zero_ps_ = zero_ps;
    epoch_ns_ = epoch_ns;
}

void CaptureSink::receive(Frame frame) {
    ++frames_;
    bytes_ += frame.bytes.size();
    if (!writer_) return;
    const std::uint64_t after_zero_ps = now_ps() > zero_ps_ ? now_ps() - zero_ps_ : 0;
    writer_->write(epoch_ns_ + after_zero_ps / 1000, frame.bytes);
}

void CaptureSink::close() {
    if (writer_) writer_->close();
}

}  // namespace turnpike
