// SPDX-License-Identifier: Apache-2.0
// The PCI Express link between a NIC and a host, TLP by TLP, and the host's end of it.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "models/core/agenda.h"
#include "models/core/fifo.h"
#include "models/fabric/link.h"
#include "models/nic/bus.h"
#include "models/nic/nic.h"
#include "models/nic_sim/credits.h"
#include "models/nic_sim/nic_sim.h"

namespace turnpike {

/// Bytes that a TLP costs beyond its data, with framing, sequence number and LCRC (Neugebauer et al., "Understanding
/// PCIe performance for end host networking", SIGCOMM 2018, section 3): memory write and read request with 64-bit
/// addresses, completion with data.
inline constexpr std::uint64_t kWriteTlpBytes = 24;
inline constexpr std::uint64_t kReadTlpBytes = 24;
inline constexpr std::uint64_t kCompletionTlpBytes = 20;

/// Mbit/s that a link of that generation and width has for TLPs.
std::uint64_t tlp_mbps(unsigned generation, unsigned lanes);

class PcieHost : public nic::Bus {
  public:
    PcieHost(const NicSimConfig& config, HostMemory& memory, NicSimCounters& counters);
    void connect(Nic& nic) { nic_ = &nic; }
    /// Takes interrupt messages.
    void on_message(std::function<void(std::uint64_t, std::uint32_t)> handler) { message_ = std::move(handler); }

    // The device's accesses
    void read(nic::BusRead& read) override;
    bool write(nic::BusWrite& write) override;

    /// A register write on its way to the device.
    void post(unsigned bar, std::uint64_t offset, std::uint32_t value);
    /// A request of the host that wants an answer: when it is at the device.
    std::uint64_t request(std::uint64_t data_bytes);
    /// The device's answer to it is sent now: when it is at the host, behind all that the device has written before.
    std::uint64_t answer(std::uint64_t data_bytes);

  private:
    /// One read request TLP.
    struct Request {
        nic::BusRead* read;
        unsigned offset, bytes;
        bool last;  ///< of its read
    };
    enum class Kind { request, write, message };
    /// A TLP of the device, or the several of a write, on the way to the root complex.
    struct Access {
        std::uint64_t at_ps;
        Kind kind;
        std::uint64_t address;
        Request request{};
        nic::WriteSource source{};
        std::vector<std::uint8_t> data{};
    };
    struct Completion {
        std::uint64_t at_ps;
        Request request;
        bool good;
    };
    struct Posted {
        std::uint64_t at_ps;
        unsigned bar;
        std::uint64_t offset;
        std::uint32_t value;
    };

    void send_requests();
    Credits cost(const nic::BusWrite& write) const;
    void take(nic::BusWrite& write, const Credits& cost);
    void take_waiting();
    void queue(Access access);
    void arrive();
    void serve(Access& access);
    void serve_request(const Access& access);
    void serve_write(const Access& access);
    void complete();
    void deliver();
    std::uint64_t to_host(std::uint64_t tlps, std::uint64_t bytes);
    std::uint64_t to_device(std::uint64_t ready_ps, std::uint64_t tlps, std::uint64_t bytes);

    NicSimConfig config_;
    std::uint64_t way_ps_;     ///< a TLP's last byte to its effect at the other end
    std::uint64_t memory_ps_;  ///< a read's arrival at the root complex to its data
    HostMemory& memory_;
    NicSimCounters& counters_;
    Nic* nic_ = nullptr;
    std::function<void(std::uint64_t, std::uint32_t)> message_;
    Link up_;
    Link down_;
    CreditPool posted_credits_;
    CreditPool request_credits_;
    unsigned tags_;                 ///< free
    Fifo<Request> requests_;        ///< wait for a tag or a credit
    Fifo<nic::BusWrite*> writes_;   ///< wait for credits
    Fifo<Access> accesses_;         ///< in order of arrival
    Fifo<Completion> completions_;  ///< in order of arrival
    Fifo<Posted> posted_;           ///< the host's writes, in order of arrival
    std::vector<std::vector<std::uint8_t>> spare_;
    Alarm access_due_, completion_due_, posted_due_, request_credit_due_, posted_credit_due_;
};

}  // namespace turnpike
