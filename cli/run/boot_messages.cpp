// SPDX-License-Identifier: Apache-2.0
#include "cli/run/boot_messages.h"

#include <algorithm>
#include <string_view>

#include "regs/address_map.h"
#include "regs/config.h"

namespace turnpike {

namespace map = regs::map;
namespace msg = regs::config;

namespace {

/// Interface indices as Linux counts them: 1 is lo.
constexpr unsigned kFirstIfindex = 2;

std::uint8_t interrupts_of(const regs::MachineParams& machine) {
    const std::string& wanted = machine.nic.interrupts;
    if (wanted == "line") return msg::INTERRUPTS_LINE;
    if (wanted == "msi") return msg::INTERRUPTS_MSI;
    return wanted == "msix" || machine.cpu.cores > 1 ? msg::INTERRUPTS_MSIX : msg::INTERRUPTS_LINE;
}

config::Message port_message(const config::PortConfig& port, unsigned index, const regs::MachineParams& machine) {
    msg::Port message;
    message.ifindex = kFirstIfindex + index;
    message.mtu = port.mtu;
    message.bar = map::NIC_BASE + index * map::NIC_BAR_BYTES;
    message.irq_pin = static_cast<std::uint32_t>(map::NIC_IRQ_BASE + index);
    message.irq_cpu = port.irq_cpu;
    message.config_space = map::PCI_CONFIG_BASE + index * map::PCI_DEVICE_BYTES;
    message.interrupts = interrupts_of(machine);
    message.queues = static_cast<std::uint32_t>(machine.nic.queues != 0 ? machine.nic.queues : machine.cpu.cores);
    std::copy(port.mac.begin(), port.mac.end(), message.mac);
    port.name.copy(message.name, sizeof message.name - 1);
    return config::encode(message);
}

}  // namespace

std::vector<config::Message> hardware_messages(const config::Scenario& scenario) {
    std::vector<config::Message> messages;
    if (scenario.run.seed != msg::DEFAULT_SEED) {
        msg::Seed seed;
        seed.seed = scenario.run.seed;
        messages.push_back(config::encode(seed));
    }
    for (unsigned i = 0; i < scenario.ports.size(); ++i)
        messages.push_back(port_message(scenario.ports[i], i, scenario.machine));
    msg::Accelerators accelerators;
    accelerators.lpm_hardware = scenario.machine.accel_lpm.mode != "software" ? 1 : 0;
    accelerators.checksum_hardware = scenario.machine.accel_checksum.mode != "software" ? 1 : 0;
    accelerators.lpm_lookaside = scenario.machine.accel_lpm.access == "lookaside" ? 1 : 0;
    messages.push_back(config::encode(accelerators));
    return messages;
}

config::Message start_message(const config::Scenario& scenario) {
    msg::Start message;
    message.tsc_khz = static_cast<std::uint32_t>(scenario.machine.cpu.freq_mhz * 1000);
    return config::encode(message);
}

}  // namespace turnpike
