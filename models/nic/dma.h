// SPDX-License-Identifier: Apache-2.0
// The NIC's bus master: blocking reads, posted writes.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include <cstdint>
#include <memory>
#include <vector>

namespace turnpike::nic {

class Dma {
  public:
    explicit Dma(tlm::tlm_initiator_socket<>& socket) : socket_(socket) {}

    /// Comes back when the data is there. False: the address does not answer.
    bool read(std::uint64_t address, void* data, unsigned bytes);
    /// Comes back when the link has taken the data, which the target sees from `visible_ps` on. Writes become visible
    /// in order. False: the address does not answer.
    bool write(std::uint64_t address, const void* data, unsigned bytes, std::uint64_t& visible_ps);

    /// CTRL.PCIE_MASTER_DISABLE (5.2.5.3.2): no new requests.
    void set_enabled(bool enabled);
    /// STATUS.PCIE_MASTER_ENABLE: falls once the requests under way have ended.
    bool master_enabled() const { return enabled_ || under_way_ != 0; }

  private:
    bool transport(tlm::tlm_command command, std::uint64_t address, void* data, unsigned bytes,
                   sc_core::sc_time& delay);

    tlm::tlm_initiator_socket<>& socket_;
    std::vector<std::unique_ptr<tlm::tlm_generic_payload>> free_;
    bool enabled_ = true;
    unsigned under_way_ = 0;
    sc_core::sc_event enable_;
};

}  // namespace turnpike::nic
