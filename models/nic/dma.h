// SPDX-License-Identifier: Apache-2.0
// The NIC's bus master: blocking reads, posted writes.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include <cstdint>
#include <memory>
#include <vector>

namespace turnpike::nic {

/// Marks a write as a message-signalled interrupt, for a host that does not know it by its address.
struct MessageMark : tlm::tlm_extension<MessageMark> {
    tlm::tlm_extension_base* clone() const override { return new MessageMark; }
    void copy_from(const tlm::tlm_extension_base&) override {}
};

class Dma {
  public:
    explicit Dma(tlm::tlm_initiator_socket<>& socket) : socket_(socket) {}

    /// Comes back when the data is there. False: the address does not answer.
    bool read(std::uint64_t address, void* data, unsigned bytes);
    /// Comes back when the link has taken the data, which the target sees from `visible_ps` on. Writes become visible
    /// in order. False: the address does not answer.
    bool write(std::uint64_t address, const void* data, unsigned bytes, std::uint64_t& visible_ps);
    /// Sends an interrupt message, behind the writes before it.
    void message(std::uint64_t address, std::uint32_t data);

    /// CTRL.PCIE_MASTER_DISABLE (5.2.5.3.2): no new requests.
    void set_enabled(bool enabled);
    /// The command register's bus-master bit (9.3.3): no requests without it.
    void set_allowed(bool allowed);
    /// STATUS.PCIE_MASTER_ENABLE: falls once the requests under way have ended.
    bool master_enabled() const { return enabled_ || under_way_ != 0; }

  private:
    bool transport(tlm::tlm_command command, std::uint64_t address, void* data, unsigned bytes, sc_core::sc_time& delay,
                   MessageMark* mark = nullptr);

    tlm::tlm_initiator_socket<>& socket_;
    std::vector<std::unique_ptr<tlm::tlm_generic_payload>> free_;
    MessageMark mark_;
    bool enabled_ = true;
    bool allowed_ = false;
    unsigned under_way_ = 0;
    sc_core::sc_event enable_;
};

}  // namespace turnpike::nic
