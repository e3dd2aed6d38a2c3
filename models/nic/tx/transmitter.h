// SPDX-License-Identifier: Apache-2.0
// Transmit side: tx rings in turn, DMA of packets with several reads under way, offloads, MAC, write-back.
#pragma once
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <systemc>
#include <vector>

#include "models/core/frame.h"
#include "models/nic/descriptor_ring.h"
#include "models/nic/parts.h"
#include "models/nic/rx/filter.h"
#include "models/nic/tx/offload.h"
#include "models/nic/workers.h"
#include "regs/fates.h"

namespace turnpike::nic {

class Transmitter : public sc_core::sc_module, public WriteOwner {
  public:
    Transmitter(const sc_core::sc_module_name& name, const Parts& parts);
    void connect(FrameLine& out) { wire_ = &out; }
    /// The queues are off; frames already in the packet buffer leave.
    void reset();
    void write_refused(unsigned queue, unsigned generation) override;
    void link_up() { readers_.wake(); }
    /// A frame of the MAC itself, ahead of all others; it takes the place of one that has not left.
    void send_control(Frame frame);

  private:
    struct Queue {
        Queue(std::string name, DescriptorFetcher& fetcher, RingHandlers handlers, unsigned n)
            : ring(std::move(name), fetcher, std::move(handlers)), number(n) {}
        DescriptorRing ring;
        unsigned number;
        unsigned generation = 0;
        bool faulty = false;  ///< a bad descriptor was claimed: no more
        bool error_told = false, mistake_told = false;
        std::array<std::array<std::uint64_t, 2>, 2> contexts{};
        std::uint64_t rate = 0;               ///< its RTTBCNRC
        std::uint64_t allowed_ps = 0;         ///< by its rate limiter
        std::vector<std::uint32_t> finished;  ///< descriptors that wait for their write-back
    };
    /// What one descriptor describes, in the order of claiming; packets are put together from these.
    struct Segment {
        Queue* queue;
        unsigned generation;
        std::uint64_t address;
        std::uint32_t index;  ///< of the descriptor
        std::uint16_t bytes;
        bool eop, rs, ifcs;
        std::string mistake;  ///< why the device cannot send this, or empty
        Offload offload;      ///< of the packet, in its last segment
        bool done = false;
        bool answered = true;
        std::vector<std::uint8_t> data;
        bool cancelled() const { return generation != queue->generation; }
    };
    struct Assembly {
        std::vector<std::uint8_t> bytes;
        std::uint64_t address = 0;  ///< of the first descriptor
        bool begun = false;
    };
    struct Outgoing {
        Frame frame;
        std::optional<unsigned> queue;  ///< none: the MAC's own
        std::uint64_t ready_ps;
        std::uint64_t buffered;  ///< bytes of the packet buffer that come free
    };
    /// What is kept of a frame while the wire has it.
    struct Leaving {
        FrameId id;
        unsigned bytes;
        Cast cast;
        std::optional<unsigned> queue;
        std::uint64_t buffered;
        std::uint64_t first_ps = 0;
    };
    struct WriteBack {
        Queue* queue;
        unsigned generation;
        std::uint64_t address;
        unsigned descriptors;  ///< 0: the head
        std::uint32_t head;
    };

    // Queues (queue.cpp)
    std::uint64_t get(const Queue& queue, std::uint64_t first) const {
        return parts_.registers.get(regs::nic::of_tx_queue(first, queue.number));
    }
    void attach(Queue& queue);
    void queue_control(Queue& queue, std::uint64_t before);
    void stop_queue(Queue& queue);
    void ring_error(Queue& queue);
    void arrival(unsigned queue);

    // Arbitration and DMA (dma.cpp)
    Queue* choose();
    unsigned whole_packet(const Queue& queue) const;
    void take_contexts(Queue& queue);
    bool may_claim();
    void claim_packet(Queue& queue, unsigned descriptors);
    void limit(Queue& queue, const Offload& offload, std::uint64_t bytes);
    Segment parse(Queue& queue, const Descriptor& descriptor) const;
    Offload offload_of(const Queue& queue, const Descriptor& first) const;
    std::string mistake_in(const Offload& offload, const Segment& last, std::uint64_t packet_bytes) const;
    Task<bool> fetch();
    void complete();

    // Write-back (write_back.cpp)
    void descriptor_done(const Segment& segment);
    void flush(Queue& queue);
    Process write_backs();

    // MAC (mac.cpp)
    void finish(Segment& segment);
    void assemble(Segment& segment);
    void send(const Segment& last);
    void enqueue(Queue& queue, Frame frame, bool insert_fcs, std::uint64_t buffered);
    void fault(const Segment& segment, regs::Fate fate);
    void start_next();
    void leave();
    std::uint64_t longest_frame() const;
    std::uint64_t buffer_bytes() const { return parts_.params.tx_fifo_kib * 1024; }

    Parts parts_;
    FrameLine* wire_ = nullptr;
    DescriptorFetcher fetcher_;
    std::deque<Queue> queues_;
    std::array<std::uint64_t, 2> ready_{};  ///< queues with descriptors on the chip, a bit each
    unsigned last_queue_ = regs::nic::kQueues - 1;
    std::deque<Segment> segments_;  ///< claimed and not finished
    std::size_t unread_ = 0;        ///< the last ones of them, whose reads have not begun
    std::uint64_t buffered_ = 0;    ///< packet buffer in use or reserved
    Assembly assembly_;
    std::deque<Outgoing> outgoing_;  ///< whole frames that wait for the wire
    std::optional<Outgoing> control_;
    std::optional<Leaving> leaving_;  ///< on the wire
    std::deque<WriteBack> write_backs_;
    Alarm left_;
    Alarm unpaused_;
    Alarm limiter_;
    Signal write_back_{"write_back"};
    Workers readers_;
    Process process_;
};

}  // namespace turnpike::nic
