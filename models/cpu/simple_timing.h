// SPDX-License-Identifier: Apache-2.0
// The simple timing model: a cost for each class of instruction (regs/cpu_profile.def, in sixteenths of a cycle) plus
// the misses of a cache hierarchy. All costs add up; nothing overlaps but what the costs already hide.
#pragma once
#include "models/cpu/cache.h"
#include "models/cpu/memory/last_level.h"
#include "models/cpu/timing.h"
#include "regs/params.h"

namespace turnpike::cpu {

class SimpleTiming final : public TimingModel {
  public:
    SimpleTiming(const regs::CpuProfile& profile, u64 dram_cycles, std::shared_ptr<LastLevel> llc = nullptr);
    static std::shared_ptr<LastLevel> make_last_level(const regs::CpuProfile& profile);

    std::unique_ptr<CompiledBlock> compile(const BlockTemplate& block) override;
    u64 execute(const Execution& execution) override;
    void memory_written(u64 address, u64 bytes) override;
    void hand_over(u64 line, bool keep) override;
    void add_cache_stats(Stats& stats) const override;
    CacheMisses misses() const override { return {l1i_.stats().misses, l1d_.stats().misses, l2_.stats().misses}; }
    void restart_stats() override;

  private:
    struct Compiled final : CompiledBlock {
        std::vector<u32> cost_before;         ///< per instruction, and of the whole: sum of the static costs
        std::vector<unsigned> access_before;  ///< per instruction, and of the whole: number of accesses
        std::vector<Access> accesses;
        u64 first_line = 0;
        u64 last_line = 0;
        u32 taken_cost = 0;
    };

    u32 static_cost(const Op& op, const BlockTemplate& block) const;
    void data(u64 address, const Access& access);
    void string(const StringAccesses& strings);
    void data_line(u64 line, bool write) {
        if (!l1d_.access(line, write)) [[unlikely]] {
            data_miss(line, write);
        }
        time_ += l1d_hit_;
    }
    void data_miss(u64 line, bool write);
    void fetch_line(u64 line);
    void beyond_l1(u64 line);
    void l1_victim(u64 line);
    void l2_victim(u64 line);

    regs::CpuProfile profile_;
    Cache l1i_, l1d_, l2_;
    std::shared_ptr<LastLevel> last_level_;
    Cache& llc_;
    CacheStats llc_stats_;                             ///< of this core's accesses
    u64 l1i_hit_, l1d_hit_, l2_hit_, llc_hit_, dram_;  ///< sixteenths of a cycle
    u64 time_ = 0;                                     ///< sixteenths not yet told
};

}  // namespace turnpike::cpu
