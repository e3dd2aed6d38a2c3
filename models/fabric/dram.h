// SPDX-License-Identifier: Apache-2.0
// Memory: bytes with a read latency. Its bandwidth is that of its path in the fabric.
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <functional>
#include <systemc>

#include "regs/params.h"

namespace turnpike {

class Dram : public sc_core::sc_module {
  public:
    /// Called after each TLM write (not after writes through the direct pointer).
    using WriteObserver = std::function<void(std::uint64_t address, std::uint64_t bytes)>;

    /// Throws std::runtime_error where the host cannot provide `size_mib`.
    Dram(const sc_core::sc_module_name& name, const regs::params::dram& params);
    ~Dram() override;

    tlm_utils::simple_target_socket<Dram> socket;

    /// The bytes themselves, for the loader and the core's direct accesses; zero at start.
    std::uint8_t* data() { return data_; }
    const std::uint8_t* data() const { return data_; }
    std::uint64_t size() const { return size_; }
    void set_write_observer(WriteObserver observer) { observer_ = std::move(observer); }

  private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    bool get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    bool contains(const tlm::tlm_generic_payload& payload) const;
    void move(tlm::tlm_generic_payload& payload);

    std::uint64_t size_;
    sc_core::sc_time latency_;
    std::uint8_t* data_;
    WriteObserver observer_;
};

}  // namespace turnpike
