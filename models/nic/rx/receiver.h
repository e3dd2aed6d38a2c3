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
#include "models/nic/rx/rss.h"
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
        RssResult rss;
        unsigned queue;
    };
    enum class Outcome { delivered, disabled, no_descriptor, bus_error };
    /// What SRRCTL says about a queue's buffers.
    struct Buffers {
        std::size_t packet = 0;  ///< bytes; 0: the queue is not set up for descriptors that this model has
        std::size_t header = 0;
        std::uint64_t type = 0;
    };

    // MAC and filter (mac.cpp)
    bool enabled() const;
    bool passes_mac(const Frame& frame);
    void count_length_error(std::span<const std::uint8_t> bytes);
    void count_accepted(const Frame& frame);
    void store(Frame frame);
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
    Buffers buffers(const Queue& queue);
    Task<Outcome> write_frame(Queue& queue, const Stored& stored);
    Task<bool> write_buffer(Queue& queue, const Stored& stored, std::uint64_t address, std::size_t offset,
                            std::size_t bytes);

    // What a descriptor becomes (write_back.cpp)
    Task<bool> write_back(Queue& queue, const Stored& stored, std::size_t header, std::size_t bytes, bool last,
                          const Descriptor& descriptor);
    void describe_frame(const Stored& stored, std::uint64_t* done) const;
    static std::size_t header_bytes(const Stored& stored, std::uint64_t split_types);

    Parts parts_;
    Filter filter_;
    Rss rss_;
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
