// SPDX-License-Identifier: Apache-2.0
// The checksum accelerator on the SoC's fabric: a register window (regs/checksum.def), and a DMA port through which it
// reads the bytes it sums, 64 aligned bytes a time, one read a clock, several outstanding.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include <deque>
#include <memory>
#include <systemc>
#include <vector>

#include "models/accel/checksum_engine.h"
#include "models/accel/clock_domain.h"
#include "models/accel/register_port.h"
#include "regs/params.h"

namespace turnpike {

class ChecksumAccelerator : public sc_core::sc_module {
  public:
    struct Stats {
        std::uint64_t sums = 0;
        std::uint64_t bytes = 0;        ///< summed
        std::uint64_t beats = 0;        ///< 512-bit words that went through the engine
        std::uint64_t bus_errors = 0;   ///< sums that ended at memory that did not answer
        std::uint64_t busy_cycles = 0;  ///< accelerator clocks in which a command was under way
    };
    /// Commands that may wait while others' blocks are read; a write of COMMAND beyond them waits on the bus.
    static constexpr std::size_t kQueuedCommands = 16;

    tlm_utils::simple_target_socket<ChecksumAccelerator> registers;
    tlm_utils::simple_initiator_socket<ChecksumAccelerator> dma;

    ChecksumAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_checksum& params);
    /// With an engine of the caller's.
    ChecksumAccelerator(const sc_core::sc_module_name& name, const regs::params::accel_checksum& params,
                        std::unique_ptr<ChecksumEngine> engine, Steps steps = Steps::due);

    const Stats& stats() const { return stats_; }

  private:
    void access_register(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    std::uint64_t read_register(std::uint64_t offset, sc_core::sc_time& delay);
    void write_register(std::uint64_t offset, std::uint64_t value);
    void wait_for_last_sum();
    void collect(std::uint64_t edge);

    /// A block of a command, asked for and not in the adder yet.
    struct Block {
        ChecksumBeat beat;
        std::uint64_t address = 0;
        std::uint64_t command = 0;  ///< number of its command
        std::uint64_t begun = 0;    ///< edge at which the command was taken
        bool arrived = false;
        std::uint64_t edge = 0;  ///< the first that finds its bytes there, once it has arrived
    };
    /// Waits for `go` while it has no block.
    struct Reader {
        Block* block = nullptr;
        tlm::tlm_generic_payload payload;
        sc_core::sc_event go;
    };

    void run_commands();
    void ask_for(const ChecksumCommand& command);
    void run_reader(Reader& reader);
    void run_adder();
    bool fetch(tlm::tlm_generic_payload& payload, Block& block);
    void send(const Block& block);

    ClockDomain clock_;
    std::unique_ptr<ChecksumEngine> engine_;
    RegisterPort port_;
    ClockSlots register_slots_;
    ClockSlots read_slots_;
    ClockSlots beat_slots_;
    std::deque<ChecksumCommand> commands_;
    std::size_t reserved_ = 0;  ///< places in the queue taken by writes that have not reached their clock edge yet
    std::deque<Block> blocks_;  ///< in order; at most one a reader
    std::vector<std::unique_ptr<Reader>> readers_;
    std::vector<Reader*> idle_readers_;
    std::uint64_t begun_ = 0;       ///< commands taken, which numbers them from 1 on
    std::uint64_t ended_ = 0;       ///< of these, whose last beat is in the engine
    std::uint64_t failed_ = 0;      ///< the last one that ended at memory that did not answer
    std::uint64_t busy_until_ = 0;  ///< edge
    std::uint64_t due_ = 0;         ///< edge at which the sum of the last that ended comes out
    sc_core::sc_event commanded_;
    sc_core::sc_event taken_;    ///< a place in the queue became free, or a command ended
    sc_core::sc_event arrived_;  ///< a block's bytes
    sc_core::sc_event summed_;   ///< the oldest block is no longer one of `blocks_`
    Stats stats_;
};

}  // namespace turnpike
