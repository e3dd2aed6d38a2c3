// SPDX-License-Identifier: Apache-2.0
// The PCI Express link between a NIC and a host, TLP by TLP, and the host's end of it.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

#include "models/fabric/link.h"
#include "models/nic/nic.h"
#include "models/nic_sim/nic_sim.h"

namespace turnpike {

/// Bytes that a TLP costs beyond its data, with framing, sequence number and LCRC (Neugebauer et al., "Understanding
/// PCIe performance for end host networking", SIGCOMM 2018, section 3): memory write and read request with 64-bit
/// addresses, completion with data.
inline constexpr std::uint64_t kWriteTlpBytes = 24;
inline constexpr std::uint64_t kReadTlpBytes = 24;
inline constexpr std::uint64_t kCompletionTlpBytes = 20;
/// Data of posted writes on their way at most before a write waits: the root complex' credits, enough for the latency.
inline constexpr std::uint64_t kPostedBytes = 16384;

/// Mbit/s that a link of that generation and width has for TLPs.
std::uint64_t tlp_mbps(unsigned generation, unsigned lanes);

class PcieHost : public sc_core::sc_module {
  public:
    tlm_utils::simple_target_socket<PcieHost> dma;
    tlm_utils::simple_initiator_socket<PcieHost>
        bar;  ///< accesses go past it, but SystemC wants the NIC's socket bound

    PcieHost(const sc_core::sc_module_name& name, const NicSimConfig& config, HostMemory& memory,
             NicSimCounters& counters);
    void connect(Nic& nic) { nic_ = &nic; }
    void on_message(std::function<void(std::uint64_t, std::uint32_t)> handler) { message_ = std::move(handler); }

    /// A register write on its way to the device.
    void post(unsigned bar, std::uint64_t offset, std::uint32_t value);
    /// A request of the host that wants an answer: when it is at the device.
    std::uint64_t request(std::uint64_t data_bytes);
    /// The device's answer to it is sent now: when it is at the host, behind all that the device has written before.
    std::uint64_t answer(std::uint64_t data_bytes);

  private:
    /// An access of the device on its way to memory.
    struct Access {
        std::uint64_t at_ps;
        std::uint64_t address;
        bool is_message;
        std::vector<std::uint8_t> data;               ///< of a write
        tlm::tlm_generic_payload* payload = nullptr;  ///< of a read
        sc_core::sc_event* wake = nullptr;
    };
    struct Posted {
        std::uint64_t at_ps;
        unsigned bar;
        std::uint64_t offset;
        std::uint32_t value;
    };

    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void read(tlm::tlm_generic_payload& payload);
    void write(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void queue(Access access);
    void arrive();
    void serve(Access& access);
    void deliver();
    std::uint64_t to_host(std::uint64_t tlps, std::uint64_t bytes);
    std::uint64_t to_device(std::uint64_t ready_ps, std::uint64_t tlps, std::uint64_t bytes);

    NicSimConfig config_;
    HostMemory& memory_;
    NicSimCounters& counters_;
    Nic* nic_ = nullptr;
    std::function<void(std::uint64_t, std::uint32_t)> message_;
    Link up_;
    Link down_;
    std::deque<Access> accesses_;
    std::deque<Posted> posted_;
    std::vector<std::vector<std::uint8_t>> spare_;
    std::vector<std::unique_ptr<sc_core::sc_event>> events_;
    sc_core::sc_event access_due_;
    sc_core::sc_event posted_due_;
};

}  // namespace turnpike
