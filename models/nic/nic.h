// SPDX-License-Identifier: Apache-2.0
// One port's network interface controller: the subset of the Intel 82599 that regs/nic.def lists.
#pragma once
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

#include "models/core/frame_observer.h"
#include "models/core/register_file.h"
#include "models/nic/board/eeprom.h"
#include "models/nic/board/mdio.h"
#include "models/nic/board/sfp_module.h"
#include "models/nic/config_space.h"
#include "models/nic/dma.h"
#include "models/nic/flow_control.h"
#include "models/nic/irq/interrupts.h"
#include "models/nic/irq/message_sender.h"
#include "models/nic/irq/msix_table.h"
#include "models/nic/link.h"
#include "models/nic/rx/receiver.h"
#include "models/nic/statistics.h"
#include "models/nic/tcp_timer.h"
#include "models/nic/tlm_bus.h"
#include "models/nic/tx/transmitter.h"
#include "regs/params.h"

namespace turnpike {

class Nic : public sc_core::sc_module, public FrameSink {
  public:
    tlm_utils::simple_target_socket<Nic> bar0;    ///< registers
    tlm_utils::simple_initiator_socket<Nic> dma;  ///< blocking reads, posted writes
    sc_core::sc_out<bool> intx;                   ///< interrupt line, level

    /// `bus`: memory, in place of what is behind `dma`.
    Nic(const sc_core::sc_module_name& name, unsigned port, const regs::params::nic& params,
        const regs::params::pcie& pcie, std::array<std::uint8_t, 6> mac, std::uint64_t rate_mbps,
        FrameObserver& observer, nic::Bus* bus = nullptr);

    /// The wire that the port sends on.
    void connect(FrameLine& out) { transmitter_.connect(out); }
    /// Takes the level of the interrupt line, in place of `intx`.
    void on_line(std::function<void(bool)> handler) { line_ = std::move(handler); }
    /// A frame comes in at the port.
    void receive(Frame frame) override { receiver_.receive(std::move(frame)); }
    /// Software's access to a BAR: 0 (registers), 2 (I/O: an address and its data) or 4 (MSI-X). Others read all ones.
    std::uint32_t bar_read(unsigned bar, std::uint64_t offset);
    void bar_write(unsigned bar, std::uint64_t offset, std::uint32_t value);
    nic::ConfigSpace& config() { return config_; }
    /// Totals since the start of the simulation, by their `ethtool -S` name, in a fixed order.
    std::vector<std::pair<std::string, std::uint64_t>> statistics() const { return statistics_.named(); }

  private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(tlm::tlm_generic_payload& payload);
    void attach();
    void control_written();
    void reset();
    void reset_function();
    void preset();

    regs::params::nic params_;
    regs::params::pcie pcie_;
    std::array<std::uint8_t, 6> mac_;
    RegisterFile registers_;
    nic::ConfigSpace config_;
    nic::MsixTable msix_;
    nic::Statistics statistics_;
    std::unique_ptr<nic::TlmBus> tlm_bus_;
    nic::Dma dma_;
    std::function<void(bool)> line_;
    nic::MessageSender messages_;
    nic::Interrupts interrupts_;
    nic::FlowControl flow_control_;
    nic::LinkState link_;
    nic::TcpTimer timer_;
    nic::Eeprom eeprom_;
    nic::Mdio mdio_;
    nic::SfpModule module_;
    std::uint64_t io_address_ = 0;
    std::uint64_t reset_until_ps_ = 0;
    nic::Receiver receiver_;
    nic::Transmitter transmitter_;
};

}  // namespace turnpike
