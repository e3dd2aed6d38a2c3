// SPDX-License-Identifier: Apache-2.0
// The clock, reset and register bus of an accelerator under test. Inputs set before `clock()` are those of its edge.
#pragma once
#include <gtest/gtest.h>
#include <verilated.h>

#include <cstdint>
#include <iostream>
#include <random>

#include "tb/unit/coverage.h"

namespace turnpike::tb {

/// All randomness of a test, from a seed that a failing run has printed.
class Random {
  public:
    explicit Random(std::uint32_t seed) : engine_(seed) { std::cout << "seed " << seed << "\n"; }
    std::uint32_t word() { return static_cast<std::uint32_t>(engine_()); }
    /// 0 … bound-1.
    std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(engine_() % bound); }
    bool percent(unsigned chance) { return below(100) < chance; }

  private:
    std::mt19937 engine_;
};

template <typename Model>
class Bench {
  public:
    Bench() {
        ports.req_i = 0;
        ports.valid_i = 0;
        ports.ready_i = 1;
        ports.rst_ni = 0;
        for (int n = 0; n < 3; ++n) clock();
        ports.rst_ni = 1;
        edge = 0;
    }
    ~Bench() {
        ports.final();
        save_coverage(context_);
    }
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    /// Outputs that depend on inputs of this clock settle.
    void settle() { ports.eval(); }
    void clock() {
        ports.eval();
        ports.clk_i = 1;
        ports.eval();
        ports.clk_i = 0;
        ports.eval();
        ++edge;
    }

    std::uint64_t read(std::uint64_t offset) {
        ports.req_i = 1;
        ports.we_i = 0;
        ports.addr_i = static_cast<std::uint16_t>(offset);
        settle();
        const std::uint64_t value = ports.rdata_o;
        clock();
        ports.req_i = 0;
        return value;
    }
    void write(std::uint64_t offset, std::uint64_t value) {
        ports.req_i = 1;
        ports.we_i = 1;
        ports.addr_i = static_cast<std::uint16_t>(offset);
        ports.wdata_i = value;
        clock();
        ports.req_i = 0;
    }

  private:
    VerilatedContext context_;

  public:
    Model ports{&context_};
    std::uint64_t edge = 0;
};

}  // namespace turnpike::tb
