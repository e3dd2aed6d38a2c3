// SPDX-License-Identifier: Apache-2.0
#include "models/nic/config_space.h"

#include "regs/nic_pci.h"

namespace turnpike::nic {
namespace {
namespace p = regs::nic_pci;
}  // namespace

ConfigSpace::ConfigSpace(const std::string& name)
    : registers_(name + " configuration space", p::kRegisterBytes, p::kRegisters) {
    const auto changed = [this](std::uint64_t, std::uint64_t) {
        take_modes();
        if (changed_) changed_();
    };
    for (const std::uint64_t offset : {p::COMMAND, p::MSI, p::MSI_MASK, p::MSIX, p::PM_CONTROL})
        registers_.on_write(offset, changed);
    registers_.on_write(p::DEVICE_CONTROL,
                        [this](std::uint64_t, std::uint64_t written) { device_control_written(written); });
}

bool ConfigSpace::bus_master() const { return p::COMMAND_BUS_MASTER.test(registers_.get(p::COMMAND)); }
bool ConfigSpace::memory_enabled() const {
    return p::COMMAND_MEMORY.test(registers_.get(p::COMMAND)) &&
           p::PM_CONTROL_STATE.get(registers_.get(p::PM_CONTROL)) == 0;
}
bool ConfigSpace::intx_disabled() const { return p::COMMAND_INTX_DISABLE.test(registers_.get(p::COMMAND)); }
bool ConfigSpace::msi_masked() const { return registers_.get(p::MSI_MASK) != 0; }
bool ConfigSpace::msix_masked() const { return p::MSIX_FUNCTION_MASK.test(registers_.get(p::MSIX)); }

Message ConfigSpace::msi() const {
    return {registers_.get(p::MSI_ADDRESS) | registers_.get(p::MSI_ADDRESS_HIGH) << 32,
            static_cast<std::uint32_t>(registers_.get(p::MSI_DATA))};
}

void ConfigSpace::take_modes() {
    msi_enabled_ = p::MSI_ENABLE.test(registers_.get(p::MSI));
    msix_enabled_ = p::MSIX_ENABLE.test(registers_.get(p::MSIX));
}

void ConfigSpace::set_interrupt_status(bool pending) {
    registers_.set(p::COMMAND, p::COMMAND_INTERRUPT_STATUS.set(registers_.get(p::COMMAND), pending));
}

void ConfigSpace::set_link(unsigned generation, unsigned lanes) {
    generation_ = generation;
    lanes_ = lanes;
    const std::uint64_t speed = p::LINK_CONTROL_SPEED.set(registers_.get(p::LINK_CONTROL), generation);
    registers_.set(p::LINK_CONTROL, p::LINK_CONTROL_WIDTH.set(speed, lanes));
}

void ConfigSpace::device_control_written(std::uint64_t written) {
    if (!p::DEVICE_CONTROL_FUNCTION_RESET.test(written)) return;
    registers_.reset();
    take_modes();
    set_link(generation_, lanes_);
    if (reset_) reset_();
    if (changed_) changed_();
}

}  // namespace turnpike::nic
