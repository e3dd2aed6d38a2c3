// SPDX-License-Identifier: Apache-2.0
// The parts of a core profile that are lists: which instruction forms cost what on which ports.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace turnpike::regs {

/// A name for a set of execution ports, each a bit.
struct PortGroup {
    std::string name;
    std::uint16_t ports = 0;
};

/// What the front end needs for a code line of which so many dispatch slots are used; straight between two points.
struct LinePoint {
    std::uint64_t slots = 0;
    std::uint64_t sixteenths = 0;  ///< of a cycle
};

/// What an instruction form computes with, beside the loads and stores that its memory operands make. The first form
/// that matches an instruction holds.
struct InstructionForm {
    std::vector<std::string> mnemonics;
    std::string shape;                 ///< its visible operands, r, i, m or c (CL); "" matches all
    std::uint64_t bits = 0;            ///< operand size; 0 matches all
    std::vector<std::string> uops;     ///< port group of each micro-op; the first makes the results
    std::uint64_t latency = 1;         ///< of the results, cycles
    std::uint64_t second_latency = 0;  ///< of the second register result (upper half, remainder); 0: as the first
    std::uint64_t busy = 1;            ///< cycles for which the first micro-op holds its port
    std::uint64_t slots = 0;           ///< dispatch slots; 0: one, or what the profile's fusion makes of the micro-ops
    std::uint64_t flags_first = 0;     ///< 1: one more micro-op joins CF and the other flags before the first one
    std::uint64_t bits_per_cycle = 0;  ///< division: one more cycle of latency for each so many quotient bits
    std::uint64_t bits_per_busy = 0;   ///< division: the same for `busy`
    std::string source;
};

}  // namespace turnpike::regs
