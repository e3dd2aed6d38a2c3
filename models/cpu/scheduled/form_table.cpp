// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/form_table.h"

#include <stdexcept>
#include <unordered_map>

namespace turnpike::cpu::scheduled {
namespace {

std::unordered_map<std::string, unsigned> mnemonic_numbers() {
    std::unordered_map<std::string, unsigned> numbers;
    for (unsigned n = 0; n <= ZYDIS_MNEMONIC_MAX_VALUE; ++n) {
        numbers.emplace(ZydisMnemonicGetString(static_cast<ZydisMnemonic>(n)), n);
    }
    return numbers;
}

}  // namespace

FormTable::FormTable(const regs::CpuProfile& profile) : by_mnemonic_(ZYDIS_MNEMONIC_MAX_VALUE + 1) {
    for (const regs::PortGroup& group : profile.port_groups) groups_[group.name] = group.ports * kEachCycle;
    plain_.uops = {ports("alu")};
    const auto numbers = mnemonic_numbers();
    for (const regs::InstructionForm& from : profile.forms) {
        Form form;
        form.shape = from.shape;
        form.bits = static_cast<unsigned>(from.bits);
        for (const std::string& group : from.uops) form.uops.push_back(ports(group));
        form.latency = static_cast<u8>(from.latency);
        form.second_latency = static_cast<u8>(from.second_latency == 0 ? from.latency : from.second_latency);
        form.busy = static_cast<u8>(from.busy);
        form.slots = static_cast<u8>(from.slots);
        form.flags_first = from.flags_first != 0;
        form.bits_per_cycle = static_cast<u8>(from.bits_per_cycle);
        form.bits_per_busy = static_cast<u8>(from.bits_per_busy);
        for (const std::string& name : from.mnemonics) {
            const auto number = numbers.find(name);
            if (number == numbers.end()) {
                throw std::invalid_argument("core profile " + profile.name + ": no instruction is named '" + name +
                                            "'");
            }
            by_mnemonic_[number->second].push_back(form);
        }
    }
}

PortSet FormTable::ports(const std::string& group) const {
    const auto found = groups_.find(group);
    if (found == groups_.end()) throw std::invalid_argument("a core profile without the port group '" + group + "'");
    return found->second;
}

const Form& FormTable::find(const Facts& facts) const {
    for (const Form& form : by_mnemonic_[facts.mnemonic]) {
        const bool fits =
            (form.shape.empty() || form.shape == facts.shape) && (form.bits == 0 || form.bits == facts.bits);
        if (fits) return form;
    }
    return plain_;
}

}  // namespace turnpike::cpu::scheduled
