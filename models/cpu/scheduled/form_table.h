// SPDX-License-Identifier: Apache-2.0
// The profile's instruction forms, found by instruction.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "models/cpu/scheduled/facts.h"
#include "regs/params.h"

namespace turnpike::cpu::scheduled {

struct Form {
    std::string shape;
    unsigned bits = 0;
    std::vector<PortSet> uops;  ///< ports of each
    u8 latency = 1;
    u8 second_latency = 1;
    u8 busy = 1;
    u8 slots = 0;
    bool flags_first = false;
    u8 bits_per_cycle = 0;
    u8 bits_per_busy = 0;
};

class FormTable {
  public:
    explicit FormTable(const regs::CpuProfile& profile);
    const Form& find(const Facts& facts) const;
    PortSet ports(const std::string& group) const;

  private:
    std::map<std::string, PortSet> groups_;
    std::vector<std::vector<Form>> by_mnemonic_;
    Form plain_;
};

}  // namespace turnpike::cpu::scheduled
