// SPDX-License-Identifier: Apache-2.0
// Moves data between memory and the longest-prefix-match engine, for both its forms: update lists into its memories,
// requests of the lookaside ring to its lookups, answers to the ring of completions.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include <array>
#include <deque>
#include <systemc>

#include "models/accel/clock_domain.h"
#include "models/accel/lpm_engine.h"

namespace turnpike {

class LpmMover : public sc_core::sc_module {
  public:
    struct Stats {
        std::uint64_t records = 0;      ///< of update lists, applied
        std::uint64_t completions = 0;  ///< written to the ring
        std::uint64_t bus_errors = 0;
    };
    /// Update lists that wait, beside the one that is carried out.
    static constexpr std::size_t kQueuedLists = 16;

    /// Need not be bound where no doorbell is rung.
    tlm_utils::simple_initiator_socket_optional<LpmMover> dma;

    LpmMover(const sc_core::sc_module_name& name, const ClockDomain& clock, LpmEngine& engine,
             ClockSlots& register_slots, ClockSlots& lookup_slots);

    /// Waits until there is room for one more list, and keeps it for the caller.
    void reserve_list();
    /// A doorbell was rung; one for a list was reserved before.
    void ring(const LpmCommand& command);
    /// The rings begin anew.
    void restart_rings();
    /// Requests of the lookaside ring may be given to the engine before the next doorbell.
    bool requesting() const { return requesting_; }
    const Stats& stats() const { return stats_; }

  private:
    static constexpr unsigned kBlockBytes = 64;
    static constexpr unsigned kBatch = 8;  ///< ring entries of 8 bytes in a block
    /// Requests accepted by the engine, and the ring that their completions go to.
    struct Batch {
        LpmCommand rings;
        std::uint64_t first = 0;
        std::uint64_t generation = 0;
        unsigned count = 0;
        std::array<std::uint32_t, kBatch> tags = {};
        std::array<LpmEngine::Ticket, kBatch> tickets = {};
        std::uint64_t last_edge = 0;
    };
    static constexpr std::size_t kBatches = 4;

    void run_updates();
    void apply(const LpmCommand& list);
    void run_requests();
    bool fetch_batch(Batch& batch);
    void run_completions();
    void complete(const Batch& batch);
    void report(const LpmMoved& moved);
    void report_bus_error(std::uint64_t dropped);
    bool move(tlm::tlm_command command, std::uint64_t address, void* data, unsigned bytes);

    const ClockDomain& clock_;
    LpmEngine& engine_;
    ClockSlots& register_slots_;
    ClockSlots& lookup_slots_;
    ClockSlots report_slots_;
    std::deque<LpmCommand> lists_;
    std::size_t reserved_ = 0;
    sc_core::sc_event listed_;
    sc_core::sc_event list_taken_;

    LpmCommand rings_;              ///< of the last doorbell
    std::uint64_t next_ = 0;        ///< number of the next request to fetch
    std::uint64_t generation_ = 0;  ///< counts restarts
    std::deque<Batch> batches_;
    bool requesting_ = false;
    sc_core::sc_event rung_;
    sc_core::sc_event batched_;
    sc_core::sc_event batch_done_;
    Stats stats_;
};

}  // namespace turnpike
