// SPDX-License-Identifier: Apache-2.0
// What a PCI host bridge gives the cores: configuration space as memory (PCI Express base specification 7.2.2), bus 0,
// and a window for a base address register of a device.
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "models/nic/config_space.h"

namespace turnpike {

/// A target of 32-bit registers behind two functions. Other accesses are bus errors.
class WordWindow : public sc_core::sc_module {
  public:
    using Read = std::function<std::uint32_t(std::uint64_t offset)>;
    using Write = std::function<void(std::uint64_t offset, std::uint32_t value)>;

    tlm_utils::simple_target_socket<WordWindow> socket;

    WordWindow(const sc_core::sc_module_name& name, Read read, Write write);

  private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);

    Read read_;
    Write write_;
};

class PciHost {
  public:
    explicit PciHost(const char* name)
        : window_(
              name, [this](std::uint64_t offset) { return read(offset); },
              [this](std::uint64_t offset, std::uint32_t value) { write(offset, value); }) {}

    tlm_utils::simple_target_socket<WordWindow>& socket() { return window_.socket; }
    /// The next device of bus 0, with one function.
    void add(nic::ConfigSpace& device) { devices_.push_back(&device); }

  private:
    nic::ConfigSpace* find(std::uint64_t offset) const;
    std::uint32_t read(std::uint64_t offset) const;
    void write(std::uint64_t offset, std::uint32_t value) const;

    std::vector<nic::ConfigSpace*> devices_;
    WordWindow window_;
};

}  // namespace turnpike
