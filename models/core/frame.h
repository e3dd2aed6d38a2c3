// SPDX-License-Identifier: Apache-2.0
// An Ethernet frame as it moves through the models.
#pragma once
#include <cstdint>
#include <vector>

namespace turnpike {

/// Identity of a received frame: its index in order of arrival. Frames that the firmware makes have none.
using FrameId = std::uint32_t;
inline constexpr FrameId kNoFrame = 0xFFFFFFFF;

/// Bytes that a frame costs on the wire beyond its own: FCS 4 (IEEE 802.3 3.2.9), preamble and SFD 8 (3.2.1, 3.2.2),
/// inter-frame gap 12 (4.4.2). Frames are padded to 60 bytes before the FCS.
inline constexpr unsigned kFcsBytes = 4;
inline constexpr unsigned kPreambleBytes = 8;
inline constexpr unsigned kInterFrameGapBytes = 12;
inline constexpr unsigned kMinFrameBytes = 60;
inline constexpr unsigned kEthernetHeaderBytes = 14;

/// Destination address to the last byte before the FCS. The FCS is not stored: `bad_fcs` says that it was wrong.
struct Frame {
    std::vector<std::uint8_t> bytes;
    FrameId id = kNoFrame;
    bool bad_fcs = false;
};

/// Takes frames off a wire.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    /// Called at the simulated time at which the frame's last bit arrives.
    virtual void receive(Frame frame) = 0;
};

/// First and last bit of a frame as they leave the sender, in picoseconds: from the first bit of the preamble to the
/// last bit of the FCS.
struct WireTiming {
    std::uint64_t first_ps;
    std::uint64_t last_ps;
};

/// The sending end of a wire.
class FrameLine {
  public:
    virtual ~FrameLine() = default;
    /// Sends the frame as soon as the wire is free, now or at `not_before_ps`, whichever is latest. Bytes travel as
    /// they are: padding is the sending MAC's business.
    virtual WireTiming transmit(Frame frame, std::uint64_t not_before_ps) = 0;
};

}  // namespace turnpike
