// SPDX-License-Identifier: Apache-2.0
// A NIC for a driver that runs on the host: registers and configuration space by function calls, DMA into memory that
// the caller provides, interrupts and sent frames by callbacks, simulated time under the caller's control. Knows
// nothing of SystemC.
//
// Reads of registers and of configuration space take the modelled round trip: simulated time goes on meanwhile, and
// callbacks come. Writes of registers are posted: they return at once and reach the device later, in order, before any
// later read. All NICs of a process share one time; it begins at 0 when the first is made.
#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace turnpike {

/// The host's memory as the NIC reaches it, by bus address.
class HostMemory {
  public:
    virtual ~HostMemory() = default;
    /// False: nothing answers at (some of) these addresses; then nothing may have been moved.
    virtual bool read(std::uint64_t address, void* data, std::size_t bytes) = 0;
    virtual bool write(std::uint64_t address, const void* data, std::size_t bytes) = 0;
};

struct NicSimConfig {
    std::string name = "nic0";
    std::array<std::uint8_t, 6> mac = {2, 0, 0, 0, 0, 1};
    std::uint64_t rate_mbps = 10'000;        ///< of the wire, 10 to 100,000
    std::uint64_t propagation_ns = 10;       ///< of the wire with PHY and FEC, in each direction
    std::uint64_t link_up_us = 1000;         ///< from a restart of the link until it is up
    std::uint64_t rx_fifo_kib = 512;         ///< rx packet buffer (82599 data sheet 8.2.3.8.9)
    std::uint64_t tx_fifo_kib = 160;         ///< tx packet buffer (7.2.1.2)
    unsigned pcie_generation = 3;            ///< 1 to 4
    unsigned pcie_lanes = 8;                 ///< 1 to 16
    unsigned max_payload = 256;              ///< bytes of a write or completion TLP
    unsigned max_read_request = 512;         ///< bytes of a read request TLP
    unsigned read_completion_boundary = 64;  ///< bytes, 64 or 128 (PCI Express base specification 2.3.1.1)
    unsigned outstanding_reads = 32;         ///< tags, 1 to 256 (82599 data sheet 3.1.3.2)
    /// Of the root complex (PCI Express base specification 2.6.1), headers in TLPs and data in units of 16 bytes. No
    /// published figures; more than the link needs to be kept busy over its latency.
    unsigned posted_header_credits = 128, posted_data_credits = 1024, non_posted_header_credits = 64;
    // A read of 64 bytes takes about 480 ns, as SIGCOMM 2018 measured (section 6.2); the split between link, root
    // complex and cache is an estimate.
    std::uint64_t link_latency_ns = 150;  ///< each way: both ports' logic
    std::uint64_t root_complex_ns = 50;   ///< each way
    bool llc_hit = true;  ///< what the device reads is in the last-level cache, as it is just after it was written
    std::uint64_t llc_ns = 70;    ///< from a read's arrival at the cache to its data
    std::uint64_t dram_ns = 140;  ///< the same from memory: 70 ns more (SIGCOMM 2018, section 6.3)
};

struct NicSimCounters {
    std::uint64_t tlps_to_host = 0, bytes_to_host = 0;  ///< with headers
    std::uint64_t tlps_to_device = 0, bytes_to_device = 0;
    std::uint64_t dma_reads = 0, dma_read_bytes = 0;  ///< payload
    std::uint64_t dma_writes = 0, dma_written_bytes = 0;
    std::uint64_t dma_errors = 0;  ///< accesses that the host's memory refused
    std::uint64_t messages = 0;    ///< MSI and MSI-X
    std::uint64_t register_reads = 0, register_writes = 0;
    std::vector<std::pair<std::string, std::uint64_t>> drops;       ///< by fate (regs/fates.def), those that happened
    std::vector<std::pair<std::string, std::uint64_t>> statistics;  ///< of the device, as `ethtool -S` names them
};

class NicSim {
  public:
    /// Throws std::invalid_argument on a value out of its range. `memory` outlives the NIC.
    NicSim(const NicSimConfig& config, HostMemory& memory);
    ~NicSim();
    NicSim(const NicSim&) = delete;
    NicSim& operator=(const NicSim&) = delete;

    /// `bar`: 0 (registers), 2 (I/O) or 4 (MSI-X). Others, and all while the command register forbids it, read all
    /// ones.
    std::uint32_t mmio_read32(unsigned bar, std::uint64_t offset);
    void mmio_write32(unsigned bar, std::uint64_t offset, std::uint32_t value);
    std::uint32_t cfg_read32(std::uint64_t offset);
    void cfg_write32(std::uint64_t offset, std::uint32_t value);

    std::uint64_t now_ps() const;
    void run_for(std::uint64_t ps);
    /// Until `predicate` holds, asked after everything that happens, or `max_ps` have passed. Whether it holds.
    bool run_until(const std::function<bool()>& predicate, std::uint64_t max_ps);

    /// Callbacks come while time passes, and may do anything, also read registers and let time pass. While one runs,
    /// others wait for its end: interrupts are off in an interrupt handler.
    void on_intx(std::function<void(bool level)> handler);
    void on_msi(std::function<void(std::uint64_t address, std::uint32_t data)> handler);
    void on_wire_tx(std::function<void(std::span<const std::uint8_t> frame, std::uint64_t ps)> handler);

    /// A frame without FCS starts on the wire to the NIC at `at_ps`, or when the wire is free. Calls come in order of
    /// time.
    void wire_rx(std::span<const std::uint8_t> frame, std::uint64_t at_ps, bool bad_fcs = false);

    NicSimCounters counters() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace turnpike
