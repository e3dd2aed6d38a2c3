// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/simple_timing.h"

namespace turnpike::cpu {
namespace {
constexpr u64 kSixteenths = 16;
}

std::shared_ptr<LastLevel> SimpleTiming::make_last_level(const regs::CpuProfile& profile) {
    return std::make_shared<LastLevel>(Cache("llc", profile.llc.kib, profile.llc.ways));
}

SimpleTiming::SimpleTiming(const regs::CpuProfile& profile, u64 dram_cycles, std::shared_ptr<LastLevel> llc)
    : profile_(profile),
      l1i_("l1i", profile.l1i.kib, profile.l1i.ways),
      l1d_("l1d", profile.l1d.kib, profile.l1d.ways),
      l2_("l2", profile.l2.kib, profile.l2.ways),
      last_level_(llc ? std::move(llc) : make_last_level(profile)),
      llc_(last_level_->cache),
      l1i_hit_(profile.l1i.hit_cycles * kSixteenths),
      l1d_hit_(profile.l1d.hit_cycles * kSixteenths),
      l2_hit_(profile.l2.hit_cycles * kSixteenths),
      llc_hit_(profile.llc.hit_cycles * kSixteenths),
      dram_(dram_cycles * kSixteenths) {}

u32 SimpleTiming::static_cost(const Op& op, const BlockTemplate& block) const {
    const regs::params::profile::core& core = profile_.core;
    u64 cost = core.base_16ths;
    switch (op.cls) {
        case OpClass::mul:
            cost += core.mul_16ths;
            break;
        case OpClass::div:
            cost += core.div_16ths;
            break;
        case OpClass::indirect:
            cost += core.indirect_branch_16ths;
            break;
        case OpClass::locked:
            cost += core.locked_16ths;
            break;
        case OpClass::serialising:
            cost += core.serialising_16ths;
            break;
        case OpClass::simple:
        case OpClass::branch:
        case OpClass::string:
            break;
    }
    for (unsigned n = 0; n < op.access_count; ++n) {
        cost += block.accesses[op.first_access + n].write ? core.store_16ths : core.load_16ths;
    }
    // Time must pass whatever the profile says, or a loop would never reach its limit.
    return static_cast<u32>(cost == 0 ? 1 : cost);
}

std::unique_ptr<CompiledBlock> SimpleTiming::compile(const BlockTemplate& block) {
    auto compiled = std::make_unique<Compiled>();
    u32 cost = 0;
    for (const Op& op : block.ops) {
        compiled->cost_before.push_back(cost);
        compiled->access_before.push_back(op.first_access);
        cost += static_cost(op, block);
    }
    compiled->cost_before.push_back(cost);
    compiled->access_before.push_back(static_cast<unsigned>(block.accesses.size()));
    compiled->accesses = block.accesses;
    compiled->first_line = block.address >> Cache::kLineShift;
    const u64 bytes = block.code.empty() ? 1 : block.code.size();
    compiled->last_line = (block.address + bytes - 1) >> Cache::kLineShift;
    const bool direct = !block.ops.empty() && block.ops.back().cls == OpClass::branch;
    compiled->taken_cost = direct ? static_cast<u32>(profile_.core.taken_branch_16ths) : 0;
    return compiled;
}

u64 SimpleTiming::execute(const Execution& execution) {
    const Compiled& block = static_cast<const Compiled&>(*execution.block);
    time_ += block.cost_before[execution.last()] - block.cost_before[execution.first()];
    if (execution.taken()) time_ += block.taken_cost;
    if (execution.first() == 0) {
        for (u64 line = block.first_line; line <= block.last_line; ++line) fetch_line(line);
    }
    const unsigned end = block.access_before[execution.last()];
    for (unsigned n = block.access_before[execution.first()]; n < end; ++n) {
        data(execution.addresses[n], block.accesses[n]);
    }
    if (execution.strings() != nullptr) string(*execution.strings());
    const u64 cycles = time_ / kSixteenths;
    time_ %= kSixteenths;
    return cycles;
}

inline void SimpleTiming::data(u64 address, const Access& access) {
    if (address == kBusAccess) [[unlikely]] {
        // A read's time is what the machine around makes it wait; a posted write is over for the core soon.
        if (access.write) time_ += profile_.core.uncached_write_cycles * kSixteenths;
        return;
    }
    const u64 line = address >> Cache::kLineShift;
    data_line(line, access.write);
    const u64 last = (address + access.bytes - 1) >> Cache::kLineShift;
    if (last != line) data_line(last, access.write);
}

void SimpleTiming::string(const StringAccesses& strings) {
    time_ += strings.units * profile_.core.base_16ths;
    for (unsigned n = 0; n < strings.count; ++n) {
        const bool write = (strings.address[n] & 1) != 0;
        time_ += write ? profile_.core.store_16ths : profile_.core.load_16ths;
        data_line(strings.address[n] >> Cache::kLineShift, write);
    }
}

void SimpleTiming::data_miss(u64 line, bool write) {
    beyond_l1(line);
    const u64 victim = l1d_.insert(line, write);
    if (victim != Cache::kNone) l1_victim(victim);
}

void SimpleTiming::fetch_line(u64 line) {
    time_ += l1i_hit_;
    if (l1i_.access(line, false)) return;
    beyond_l1(line);
    l1i_.insert(line, false);
}

void SimpleTiming::beyond_l1(u64 line) {
    time_ += l2_hit_;
    if (l2_.access(line, false)) return;
    time_ += llc_hit_;
    ++llc_stats_.accesses;
    if (!llc_.access(line, false)) {
        ++llc_stats_.misses;
        time_ += dram_;
        llc_.insert(line, false);  // a dirty victim goes to memory, behind the core's back
    }
    const u64 victim = l2_.insert(line, false);
    if (victim != Cache::kNone) l2_victim(victim);
}

void SimpleTiming::l1_victim(u64 line) {
    const u64 victim = l2_.write_back(line);
    if (victim != Cache::kNone) l2_victim(victim);
}

void SimpleTiming::l2_victim(u64 line) { llc_.write_back(line); }

void SimpleTiming::memory_written(u64 address, u64 bytes) {
    if (bytes == 0) return;
    const u64 last = (address + bytes - 1) >> Cache::kLineShift;
    for (u64 line = address >> Cache::kLineShift; line <= last; ++line) {
        l1i_.invalidate(line);
        l1d_.invalidate(line);
        l2_.invalidate(line);
        if (profile_.core.ddio != 0) {
            llc_.write_back(line);
        } else {
            llc_.invalidate(line);
        }
    }
}

void SimpleTiming::hand_over(u64 line, bool keep) {
    const bool held = l1d_.contains(line) || l2_.contains(line);
    bool dirty = false;
    for (Cache* cache : {&l1d_, &l2_}) dirty |= keep ? cache->make_clean(line) : cache->invalidate(line);
    if (!keep) l1i_.invalidate(line);
    if (dirty)
        llc_.write_back(line);
    else if (held && !llc_.contains(line))
        llc_.insert(line, false);
}

void SimpleTiming::add_cache_stats(Stats& stats) const {
    stats.l1i = l1i_.stats();
    stats.l1d = l1d_.stats();
    stats.l2 = l2_.stats();
    stats.llc = llc_stats_;
}

void SimpleTiming::restart_stats() {
    time_ = 0;
    llc_stats_ = {};
    for (Cache* cache : {&l1i_, &l1d_, &l2_}) cache->restart_stats();
}

}  // namespace turnpike::cpu
