// SPDX-License-Identifier: Apache-2.0
// Follows every received frame from its last bit in to its last bit out, or to where it died, without the firmware's
// help.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "models/core/frame_observer.h"
#include "models/soc/frame_tags.h"

namespace turnpike {

/// Points a forwarded frame passes, in order. The time from one to the next is a segment of its latency.
enum class Point : unsigned {
    arrived,       ///< last bit in
    stored,        ///< bytes visible in memory
    written_back,  ///< descriptor visible with DD
    driver,        ///< netif_rx
    stack,         ///< ip_rcv
    queued,        ///< dev_queue_xmit
    ring,          ///< driver puts it on the tx ring
    fetched,       ///< NIC has read it
    first_bit,     ///< first bit of the preamble out
    last_bit,      ///< last bit of the FCS out
    count
};
inline constexpr unsigned kPoints = static_cast<unsigned>(Point::count);
/// Name of the segment that ends at each point; the first is empty.
inline constexpr std::array<const char*, kPoints> kSegmentNames = {
    "", "rx_dma", "rx_writeback", "rx_interrupt", "backlog", "stack", "qdisc", "tx_dma", "tx_mac", "wire"};

struct FrameRecord {
    static constexpr std::uint64_t kNever = ~0ULL;
    FrameRecord() { at.fill(kNever); }
    bool reached(Point point) const { return at[static_cast<unsigned>(point)] != kNever; }
    std::array<std::uint64_t, kPoints> at;  ///< picoseconds of simulated time
    std::uint16_t in_port = 0;
    std::uint16_t out_port = 0;
    std::uint32_t bytes = 0;
    std::uint32_t tags = 0;               ///< pieces of memory that it lies in now: more than one while cut or copied
    regs::Fate fate = regs::Fate::count;  ///< count: none yet
};

class FlightRecorder : public FrameObserver {
  public:
    /// Makes room for `frames` frames, numbered from 0, of which `in_port[i]` tells the port.
    void expect(const std::vector<std::uint16_t>& in_ports);
    FrameTags& tags() { return tags_; }

    void arrived(unsigned port, FrameId frame, unsigned bytes) override;
    void dropped(FrameId frame, regs::Fate fate) override;
    void stored(FrameId frame, std::uint64_t address, std::uint64_t visible_ps) override;
    void written_back(FrameId frame, std::uint64_t visible_ps) override;
    FrameId fetched(unsigned port, std::uint64_t address) override;
    void tx_dropped(FrameId frame, regs::Fate fate) override;
    void sent(unsigned port, FrameId frame, unsigned bytes, std::uint64_t first_ps) override;

    /// The firmware handles the skb at `address`: the frame in it passes `point` at `ps`.
    void passes(Point point, std::uint64_t address, std::uint64_t ps);
    /// The skb at `child` is a copy or a piece of the one at `parent`: the frame is in both.
    void inherits(std::uint64_t child, std::uint64_t parent);
    /// The skb at `child` was made because of the one at `cause`, whose frame goes on or ends without it.
    void answers(std::uint64_t child, std::uint64_t cause);
    /// The firmware ends the skb at `address`, or, without a fate (Fate::count), gives its memory back. A frame of
    /// which another piece is sent counts as forwarded all the same.
    void freed(std::uint64_t address, regs::Fate fate);

    /// Gives every frame without a fate the one that says where it was when the run stopped. Once, at the end.
    void finish();

    const std::vector<FrameRecord>& frames() const { return frames_; }
    /// Frames by fate; adds up to the number of frames.
    std::array<std::uint64_t, regs::kFateCount> by_fate() const;
    /// Frames sent that stem from no received frame.
    std::uint64_t generated() const { return generated_; }
    /// Of these, the ones that a received frame has caused: answers to it and errors about it.
    std::uint64_t answered() const { return answered_; }
    /// Frames sent that stem from a received one.
    std::uint64_t forwarded() const { return forwarded_; }
    /// Ends that the firmware told, by fate: of received frames, of pieces of them and of packets it made itself.
    std::uint64_t told(regs::Fate fate) const { return told_[static_cast<unsigned>(fate)]; }

  private:
    /// Tag of an answer: that of the frame that caused it, and this.
    static constexpr FrameId kAnswer = 0x80000000;
    void mark(FrameId frame, Point point, std::uint64_t ps);
    void end(FrameId frame, regs::Fate fate);
    void end_if_lost(FrameId frame);
    FrameId retag(std::uint64_t address, FrameId frame);
    static regs::Fate where(const FrameRecord& record);
    static regs::Fate vanished(const FrameRecord& record);

    FrameTags tags_;
    std::vector<FrameRecord> frames_;
    std::array<std::uint64_t, regs::kFateCount> told_{};
    std::uint64_t generated_ = 0;
    std::uint64_t answered_ = 0;
    std::uint64_t forwarded_ = 0;
};

}  // namespace turnpike
