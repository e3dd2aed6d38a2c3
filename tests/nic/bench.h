// SPDX-License-Identifier: Apache-2.0
// A NIC on a bench: a memory of fixed latency behind its bus master, a wire that collects what it sends, and software
// that is the test itself.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <deque>
#include <map>
#include <string>
#include <systemc>
#include <vector>

#include "models/core/clock.h"
#include "models/link/wire.h"
#include "models/nic/nic.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"
#include "regs/nic_pci.h"

namespace turnpike {

namespace r = regs::nic;

/// 16 MiB from address 0. Reads take `read_ps`; writes are posted and seen `write_ps` later.
class TestMemory : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<TestMemory> socket;
    static constexpr std::uint64_t kBytes = 16 << 20;

    explicit TestMemory(const sc_core::sc_module_name& name);
    std::uint64_t read_ps = 600'000;
    std::uint64_t write_ps = 300'000;
    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(kBytes);
    std::uint64_t reads = 0;

    std::uint64_t quadword(std::uint64_t address) const;
    void set_quadword(std::uint64_t address, std::uint64_t value);

  private:
    struct Posted {
        std::uint64_t at_ps;
        std::uint64_t address;
        std::vector<std::uint8_t> data;
    };
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void apply();

    std::deque<Posted> posted_;
    sc_core::sc_event due_;
};

/// Notes everything the NIC tells.
struct TestObserver : FrameObserver {
    struct Sent {
        FrameId id;
        unsigned bytes;
        std::uint64_t first_ps, last_ps;
    };
    std::vector<FrameId> arrivals;
    std::map<FrameId, regs::Fate> drops;
    std::map<FrameId, std::uint64_t> addresses, stored_ps, written_back_ps;
    std::vector<std::uint64_t> fetches;
    std::vector<regs::Fate> tx_drops;
    std::vector<Sent> frames_sent;

    void arrived(unsigned, FrameId frame, unsigned) override { arrivals.push_back(frame); }
    void dropped(FrameId frame, regs::Fate fate) override { drops[frame] = fate; }
    void stored(FrameId frame, std::uint64_t address, std::uint64_t visible_ps) override;
    void written_back(FrameId frame, std::uint64_t visible_ps) override { written_back_ps[frame] = visible_ps; }
    FrameId fetched(unsigned, std::uint64_t address) override;
    void tx_dropped(FrameId, regs::Fate fate) override { tx_drops.push_back(fate); }
    void sent(unsigned, FrameId frame, unsigned bytes, std::uint64_t first_ps) override {
        frames_sent.push_back({frame, bytes, first_ps, now_ps()});
    }
};

struct TestSink : FrameSink {
    std::vector<Frame> frames;
    void receive(Frame frame) override { frames.push_back(std::move(frame)); }
};

/// The port's MAC, 02:00:00:00:00:01.
inline constexpr std::array<std::uint8_t, 6> kPortMac = {2, 0, 0, 0, 0, 1};
inline constexpr std::array<std::uint8_t, 6> kBroadcast = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

class Bench : public sc_core::sc_module {
  public:
    static constexpr std::uint64_t kRxRing = 0x10000;
    static constexpr std::uint64_t kTxRing = 0x20000;
    /// Rings and buffers of `start_rx_queue`, 16 descriptors a queue.
    static constexpr std::uint64_t kQueueRings = 0x30000;
    static constexpr std::uint64_t kQueueBuffers = 0x300000;
    static constexpr unsigned kQueueEntries = 16;
    static constexpr std::uint64_t kRxBuffers = 0x100000;
    static constexpr std::uint64_t kTxBuffers = 0x800000;
    static constexpr std::uint64_t kBufferBytes = 2048;

    explicit Bench(const regs::params::nic& params = {}, std::uint64_t rate_mbps = 10'000,
                   const sc_core::sc_module_name& name = "bench");

    TestMemory memory;
    TestObserver observer;
    TestSink sink;
    Wire out;
    Nic nic;
    sc_core::sc_signal<bool> line;
    tlm_utils::simple_initiator_socket<Bench> core;

    std::uint32_t read(std::uint64_t reg);
    void write(std::uint64_t reg, std::uint64_t value);
    void set(std::uint64_t reg, std::uint64_t bits) { write(reg, read(reg) | bits); }
    static void run_ns(std::uint64_t ns) { sc_core::sc_start(from_ps(ns * 1000)); }

    /// Starts the rx queue with `entries` descriptors of 2 KiB buffers, of which software gives `given`.
    void start_rx(unsigned entries, unsigned given);
    /// Any rx queue, by a ring of its own with all descriptors given but one.
    void start_rx_queue(unsigned queue);
    std::uint64_t queue_descriptor(unsigned queue, unsigned index, const r::DescriptorField& field) const;
    void give_rx_descriptor(unsigned index);
    void start_tx(unsigned entries);
    /// Queue causes: rx on EICR bit 0, tx on bit 1; both enabled.
    void enable_interrupts(std::uint32_t interval = 0);
    /// Puts descriptor and data into memory; the tail is the test's business.
    void put_tx(unsigned index, std::span<const std::uint8_t> data, bool eop = true);
    void arrive(Frame frame);

    std::uint64_t rx_descriptor(unsigned index, const r::DescriptorField& field) const;
    std::uint64_t tx_descriptor(unsigned index, const r::DescriptorField& field) const;
    std::span<const std::uint8_t> rx_buffer(unsigned index, std::size_t bytes) const;
    std::uint64_t statistic(const std::string& name) const;

  private:
    /// Ends elaboration at the first access.
    static void begin();
    std::uint64_t descriptor_field(std::uint64_t address, const r::DescriptorField& field) const;
};

/// A frame of `bytes` without FCS to `to`, from 02:00:00:00:00:99, of the experimental type 0x88B5 (IEEE 802), with
/// contents that tell frames apart.
Frame make_frame(FrameId id, std::size_t bytes, std::array<std::uint8_t, 6> to = kPortMac);

}  // namespace turnpike
