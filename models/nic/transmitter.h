// SPDX-License-Identifier: Apache-2.0
// Transmit side: tx ring, DMA of frames with several reads under way, MAC, write-back.
#pragma once
#include <deque>
#include <string>
#include <systemc>
#include <vector>

#include "models/core/frame.h"
#include "models/nic/descriptor_ring.h"
#include "models/nic/parts.h"
#include "models/nic/workers.h"
#include "regs/fates.h"

namespace turnpike::nic {

class Transmitter : public sc_core::sc_module {
  public:
    Transmitter(const sc_core::sc_module_name& name, const Parts& parts);
    void connect(FrameLine& out) { wire_ = &out; }
    /// The queue is off; frames already in the packet buffer leave.
    void reset();

  private:
    /// What one descriptor describes, in ring order; frames are put together from these.
    struct Segment {
        std::uint64_t address;
        std::uint32_t index;  ///< of the descriptor
        std::uint16_t bytes;
        bool eop, rs, ifcs;
        std::string mistake;  ///< why the device cannot send this, or empty
        bool done = false;
        bool answered = true;
        bool cancelled = false;  ///< its queue was stopped
        std::vector<std::uint8_t> data;
    };
    struct Assembly {
        std::vector<std::uint8_t> bytes;
        std::uint64_t address = 0;  ///< of the first descriptor
        bool begun = false;
    };
    struct Leaving {
        std::uint64_t first_ps, last_ps;
        FrameId id;
        unsigned bytes;          ///< without FCS
        std::uint64_t buffered;  ///< bytes of the packet buffer that come free
    };
    struct WriteBack {
        std::uint64_t address;
        unsigned generation;
    };

    // Queue and DMA (tx_dma.cpp)
    void attach();
    void queue_control(std::uint64_t before);
    void stop_queue();
    bool claimable() const;
    Segment parse(const Descriptor& descriptor);
    std::string mistake_in(const Descriptor& descriptor, const Segment& segment) const;
    bool fetch();
    void complete();
    void ring_error();
    void write_backs();

    // MAC (tx_mac.cpp)
    void finish(Segment segment);
    void assemble(Segment& segment);
    void send(bool insert_fcs);
    void fault(const Segment& segment, regs::Fate fate);
    void leave();
    std::uint64_t longest_frame() const;
    std::uint64_t buffer_bytes() const { return parts_.params.tx_fifo_kib * 1024; }

    Parts parts_;
    FrameLine* wire_ = nullptr;
    DescriptorRing ring_;
    std::deque<Segment> segments_;           ///< claimed and not finished
    std::uint64_t claimed_frame_bytes_ = 0;  ///< of the frame being claimed
    bool faulty_ = false;                    ///< a bad descriptor was claimed: no more
    std::uint64_t buffered_ = 0;             ///< packet buffer in use or reserved
    Assembly assembly_;
    std::deque<Leaving> leaving_;  ///< on the wire or waiting for it
    std::deque<WriteBack> write_backs_;
    unsigned generation_ = 0;
    bool error_told_ = false;
    bool mistake_told_ = false;
    sc_core::sc_event left_;
    sc_core::sc_event write_back_;
    Workers readers_;
};

}  // namespace turnpike::nic
