// SPDX-License-Identifier: Apache-2.0
// A core's profile: what `machines/cpu/NAME.toml` holds, as the timing model takes it.
#pragma once
#include <cstdint>
#include <string>

namespace turnpike::cpu {

/// One cache level. Latency is what a hit costs beyond the levels before it, in core cycles.
struct CacheShape {
    std::uint64_t bytes = 0;
    std::uint64_t ways = 0;
    std::uint64_t line_bytes = 64;
    std::uint64_t hit_cycles = 0;
};

/// The simple profile: a fixed cost for each class of instruction, in sixteenths of a cycle, plus caches in the path.
struct Profile {
    std::string name = "simple";
    std::uint64_t base_16ths = 6;   ///< every instruction
    std::uint64_t load_16ths = 4;   ///< each load, hit in L1D
    std::uint64_t store_16ths = 4;  ///< each store
    std::uint64_t mul_16ths = 16;
    std::uint64_t div_16ths = 288;
    std::uint64_t taken_branch_16ths = 16;
    std::uint64_t indirect_branch_16ths = 48;
    std::uint64_t locked_16ths = 288;
    std::uint64_t serialising_16ths = 1600;  ///< iretq, cli-free system instructions such as lidt
    std::uint64_t interrupt_entry_cycles = 200;
    std::uint64_t uncached_write_cycles = 30;  ///< core-side cost of a posted uncached write
    std::uint64_t dram_cycles = 210;           ///< beyond the last cache; set from dram.latency_ns
    CacheShape l1i{32 * 1024, 8, 64, 0};
    CacheShape l1d{32 * 1024, 8, 64, 0};
    CacheShape l2{1024 * 1024, 16, 64, 10};
    CacheShape llc{24 * 1024 * 1024, 12, 64, 40};
};

}  // namespace turnpike::cpu
