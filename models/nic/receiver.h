// SPDX-License-Identifier: Apache-2.0
// Receive side: MAC checks, address filter, packet buffer, DMA into the rx ring's buffers.
#pragma once
#include <deque>
#include <optional>
#include <span>
#include <systemc>

#include "models/core/frame.h"
#include "models/nic/descriptor_ring.h"
#include "models/nic/filter.h"
#include "models/nic/parts.h"
#include "regs/nic_descriptors.h"

namespace turnpike::nic {

class Receiver : public sc_core::sc_module {
  public:
    Receiver(const sc_core::sc_module_name& name, const Parts& parts);

    /// The last bit of a frame has come in.
    void receive(Frame frame);
    /// Frames in the packet buffer are lost, the queue is off.
    void reset();
    void addresses_changed() { filter_.addresses_changed(); }

  private:
    struct Stored {
        Frame frame;
        std::uint64_t ready_ps;             ///< for DMA
        std::optional<std::uint16_t> vlan;  ///< tag that was taken out of the frame
    };
    enum class Outcome { delivered, disabled, no_descriptor, bus_error };

    // MAC and filter (rx_mac.cpp)
    bool enabled() const;
    bool passes_mac(const Frame& frame);
    void count_length_error(std::span<const std::uint8_t> bytes);
    void count_accepted(const Frame& frame);
    void store(Frame frame);
    void drop(const Frame& frame, regs::Fate fate) { parts_.observer.dropped(frame.id, fate); }

    // Queue and DMA (rx_dma.cpp)
    void attach();
    void queue_control(std::uint64_t before);
    void stop_queue();
    void ring_error();
    void run();
    void deliver(const Stored& stored);
    Outcome write_frame(const Stored& stored);
    bool wait_for_descriptor(unsigned generation);
    bool write_buffer(const Stored& stored, std::size_t offset, std::size_t bytes, const Descriptor& descriptor);
    bool write_back(const Stored& stored, std::size_t bytes, bool last, const Descriptor& descriptor);
    std::size_t buffer_bytes();

    Parts parts_;
    Filter filter_;
    DescriptorRing ring_;
    std::deque<Stored> fifo_;
    std::uint64_t fifo_bytes_ = 0;  ///< in use, with the frame under DMA
    unsigned generation_ = 0;       ///< of the queue; DMA of an earlier one is void
    bool failed_ = false;           ///< the queue stopped at a bus error
    bool error_told_ = false;
    bool type_told_ = false;
    sc_core::sc_event arrived_;     ///< a frame is ready for DMA
    sc_core::sc_event descriptor_;  ///< a descriptor has come, or none will
};

}  // namespace turnpike::nic
