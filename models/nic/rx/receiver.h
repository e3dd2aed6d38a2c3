// SPDX-License-Identifier: Apache-2.0
// Receive side: MAC checks, filters, choice of a queue, packet buffer, DMA into the rx rings' buffers.
#pragma once
#include <deque>
#include <optional>
#include <span>
#include <systemc>

#include "models/core/frame.h"
#include "models/core/process.h"
#include "models/nic/descriptor_ring.h"
#include "models/nic/parts.h"
#include "models/nic/rx/filter.h"
#include "models/nic/rx/packet.h"
#include "models/nic/rx/steering.h"
#include "regs/nic_descriptors.h"

namespace turnpike::nic {

class Receiver : public sc_core::sc_module, public WriteOwner {
  public:
    Receiver(const sc_core::sc_module_name& name, const Parts& parts);

    /// The last bit of a frame has come in.
    void receive(Frame frame);
    /// Frames in the packet buffer are lost, the queues are off.
    void reset();
    void write_refused(unsigned queue, unsigned generation) override;
    void addresses_changed() { filter_.addresses_changed(); }

  private:
    struct Queue {
        Queue(std::string name, DescriptorFetcher& fetcher, RingHandlers handlers, unsigned n)
            : ring(std::move(name), fetcher, std::move(handlers)), number(n) {}
        DescriptorRing ring;
        unsigned number;
        unsigned generation = 0;  ///< DMA of an earlier one is void
        bool failed = false;      ///< stopped at a bus error
    };
    struct Stored {
        Frame frame;
        std::uint64_t ready_ps;             ///< for DMA
        std::optional<std::uint16_t> vlan;  ///< tag that was taken out of the frame
        Packet packet;
        Steered steered;
        bool inexact;          ///< only a hash of the destination address matched
        std::uint64_t octets;  ///< on the wire, with FCS
    };
    enum class Outcome { delivered, disabled, no_descriptor, bus_error };
    /// What SRRCTL says about a queue's buffers.
    struct Buffers {
        std::size_t packet = 0;  ///< bytes; 0: the queue is not set up for descriptors that this model has
        std::size_t header = 0;
        std::uint64_t type = 0;
    };
    struct Split {
        std::size_t in_header = 0;  ///< bytes that go to the header buffer
        std::size_t told = 0;       ///< RX_WB_HDR_LEN
        bool found = false;         ///< told is a header's length: RX_WB_SPH
        bool overflow = false;      ///< it is larger than its buffer: RX_WB_HBO
    };

    // MAC and filter (mac.cpp)
    bool enabled() const;
    bool passes_mac(const Frame& frame);
    void count_length_error(std::span<const std::uint8_t> bytes);
    void count_accepted(const Frame& frame);
    void store(Frame frame, bool inexact);
    void set_fill(std::uint64_t bytes);
    void drop(const Frame& frame, regs::Fate fate) { parts_.observer.dropped(frame.id, fate); }

    // Queues and DMA (dma.cpp)
    std::uint64_t get(const Queue& queue, std::uint64_t first) const {
        return parts_.registers.get(regs::nic::of_rx_queue(first, queue.number));
    }
    void attach(Queue& queue);
    void queue_control(Queue& queue, std::uint64_t before);
    void stop_queue(Queue& queue);
    void ring_error(Queue& queue);
    Process run();
    void conclude(const Stored& stored, Outcome outcome);
    Task<Outcome> write_frame(Queue& queue, const Stored& stored);
    Task<bool> write_buffer(Queue& queue, const Stored& stored, std::uint64_t address, std::size_t offset,
                            std::size_t bytes);

    // Where the bytes go (header_split.cpp)
    Buffers buffers(const Queue& queue);
    static std::size_t header_bytes(const Stored& stored, std::uint64_t split_types);
    Split split(const Buffers& buffer, const Stored& stored) const;

    // What a descriptor becomes (write_back.cpp)
    struct Done {
        std::uint64_t words[2] = {0, 0};
    };
    Task<bool> write_back(Queue& queue, const Stored& stored, const Descriptor& descriptor, const Done& done,
                          bool last);
    Done advanced(const Stored& stored, const Split& split, std::size_t bytes, bool last) const;
    Done legacy(const Stored& stored, const Descriptor& descriptor, std::size_t bytes, bool last) const;
    void describe_frame(const Stored& stored, std::uint64_t* done) const;
    void describe_checksums(const Stored& stored, std::uint64_t* done) const;

    Parts parts_;
    Filter filter_;
    Steering steering_;
    DescriptorFetcher fetcher_;
    std::deque<Queue> queues_;
    std::deque<Stored> fifo_;
    std::uint64_t fifo_bytes_ = 0;  ///< in use, with the frame under DMA
    bool error_told_ = false;
    bool type_told_ = false;
    Signal arrived_{"arrived"};        ///< a frame is ready for DMA
    Signal descriptor_{"descriptor"};  ///< a descriptor has come, or none will
    Process process_;
};

}  // namespace turnpike::nic
