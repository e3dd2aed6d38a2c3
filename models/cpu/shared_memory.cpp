// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/shared_memory.h"

#include <array>
#include <new>

#include "models/cpu/block_cache.h"
#include "models/cpu/cache.h"

namespace turnpike::cpu {
namespace {

/// A core's timing model, and around it what its accesses mean to the other cores' caches.
class CoherentTiming final : public TimingModel {
  public:
    CoherentTiming(SharedMemory& shared, unsigned core, std::unique_ptr<TimingModel> own,
                   const regs::CpuProfile& profile)
        : shared_(shared),
          core_(core),
          own_(std::move(own)),
          cycles_{0, profile.core.upgrade_cycles, profile.core.transfer_cycles} {}

    std::unique_ptr<CompiledBlock> compile(const BlockTemplate& block) override {
        auto compiled = std::make_unique<Compiled>();
        for (const Op& op : block.ops) compiled->access_before.push_back(op.first_access);
        compiled->access_before.push_back(static_cast<unsigned>(block.accesses.size()));
        compiled->accesses = block.accesses;
        compiled->own = own_->compile(block);
        return compiled;
    }

    u64 execute(const Execution& execution) override {
        const Compiled& block = static_cast<const Compiled&>(*execution.block);
        u64 cycles = 0;
        const unsigned end = block.access_before[execution.last()];
        for (unsigned n = block.access_before[execution.first()]; n < end; ++n)
            cycles += coherence(execution.addresses[n], block.accesses[n].bytes, block.accesses[n].write);
        if (execution.strings() != nullptr)
            for (unsigned n = 0; n < execution.strings()->count; ++n)
                cycles += coherence(execution.strings()->address[n], 1, (execution.strings()->address[n] & 1) != 0);
        Execution inner = execution;
        inner.block = block.own.get();
        return cycles + own_->execute(inner);
    }

    void memory_written(u64 address, u64 bytes) override {
        shared_.device_wrote(address, bytes);
        own_->memory_written(address, bytes);
    }
    void hand_over(u64 line, bool keep) override { own_->hand_over(line, keep); }
    void forget_translation(u64 physical) override { own_->forget_translation(physical); }
    void forget_translations(const std::function<bool(u64)>& keep) override { own_->forget_translations(keep); }
    void add_cache_stats(Stats& stats) const override { own_->add_cache_stats(stats); }
    CacheMisses misses() const override { return own_->misses(); }
    void restart_stats() override {
        own_->restart_stats();
        shared_.restart_stats(core_);
    }

  private:
    struct Compiled final : CompiledBlock {
        std::vector<unsigned> access_before;  ///< per instruction, and of the whole: number of accesses
        std::vector<Access> accesses;
        std::unique_ptr<CompiledBlock> own;
    };

    u64 coherence(u64 address, unsigned bytes, bool write) {
        if (address == kBusAccess) return 0;
        const u64 first = address >> Cache::kLineShift;
        const u64 last = (address + bytes - 1) >> Cache::kLineShift;
        u64 cycles = cycles_of(first, write);
        if (last != first) cycles += cycles_of(last, write);
        return cycles;
    }

    u64 cycles_of(u64 line, bool write) { return cycles_[static_cast<unsigned>(shared_.access(core_, line, write))]; }

    SharedMemory& shared_;
    unsigned core_;
    std::unique_ptr<TimingModel> own_;
    std::array<u64, 3> cycles_;  ///< by SharedMemory::Met
};

}  // namespace

SharedMemory::SharedMemory(u64 bytes)
    : lines_(bytes >> Cache::kLineShift),
      directory_(static_cast<u32*>(std::calloc(lines_ + 1, sizeof(u32)))),
      timing_of_(kMaxCores, nullptr),
      code_of_(kMaxCores, nullptr),
      transfers_(kMaxCores, 0),
      upgrades_(kMaxCores, 0),
      code_cores_((bytes >> kPageShift) + 2, 0),
      code_map_((bytes >> kPageShift) + 2, 0) {
    if (directory_ == nullptr) throw std::bad_alloc();
}

std::unique_ptr<TimingModel> SharedMemory::join(unsigned core, const regs::CpuProfile& profile, u64 dram_cycles) {
    if (!last_level_) last_level_ = make_last_level(profile);
    auto timing = make_timing_model(profile, dram_cycles, last_level_);
    timing_of_.at(core) = timing.get();
    return std::make_unique<CoherentTiming>(*this, core, std::move(timing), profile);
}

/// The others' copies go through the last level, where the own access will find the line.
SharedMemory::Met SharedMemory::change(unsigned core, u64 line, u32& entry, bool write) {
    const u32 others = entry & 0xFFFF & ~(1U << core);
    const bool modified = (entry & kModified) != 0;
    entry = write ? exclusive(core) : (entry & 0xFFFF) | 1U << core;
    if (others == 0) return Met::nothing;
    for (unsigned n = 0; n < kMaxCores; ++n)
        if ((others >> n & 1) != 0) timing_of_[n]->hand_over(line, !write);
    if (modified) {
        ++transfers_[core];
        return Met::modified;
    }
    if (!write) return Met::nothing;
    ++upgrades_[core];
    return Met::copies;
}

void SharedMemory::device_wrote(u64 address, u64 bytes) {
    if (bytes == 0) return;
    const u64 last = (address + bytes - 1) >> Cache::kLineShift;
    for (u64 line = address >> Cache::kLineShift; line <= last && line < lines_; ++line) directory_[line] = 0;
}

void SharedMemory::set_code(unsigned core, u64 page, bool has) {
    const auto bit = static_cast<u16>(1U << core);
    u16& cores = code_cores_[page];
    cores = static_cast<u16>(has ? cores | bit : cores & ~bit);
    code_map_[page] = cores != 0 ? 1 : 0;
}

void SharedMemory::stored(unsigned core, u64 address, u64 bytes) {
    for (unsigned n = 0; n < kMaxCores; ++n)
        if (n != core && code_of_[n] != nullptr) code_of_[n]->invalidate(address, bytes);
}

}  // namespace turnpike::cpu
