// SPDX-License-Identifier: Apache-2.0
#include "config/profile_check.h"

#include <fmt/format.h>

#include <bit>
#include <initializer_list>

namespace turnpike::config {
namespace {

constexpr std::uint64_t kLineBytes = 64;
constexpr std::uint64_t kMostTreeWays = 64;   // a tree of bits is one word (models/cpu/cache.h)
constexpr std::uint64_t kMostHistory = 2000;  // models/cpu/memory/branch_history.h

class Checker {
  public:
    Checker(TomlTable& root, const std::string& file) : root_(root), file_(file) {}

    /// `found` in `table` is wrong: said at the first of `keys` that the file sets.
    [[noreturn]] void fail(const std::string& table, std::initializer_list<const char*> keys, std::string_view found,
                           std::string_view expected) {
        const std::string message = found_expected(found, expected);
        TomlTable at = table_of(table);
        for (const char* key : keys) {
            if (const auto value = at.value(key)) value->fail_with(message);
        }
        throw Error(file_, 0, 0, message);
    }

    /// Lines or entries must fill whole sets; with `power`, a power of two of them.
    template <typename Cache>
    void cache(const std::string& name, const Cache& cache, bool power) {
        const std::uint64_t bytes = cache.kib * 1024, line_set = cache.ways * kLineBytes;
        if (bytes % line_set == 0 && (!power || std::has_single_bit(bytes / line_set))) return;
        fail(name, {"kib", "ways"}, fmt::format("{} of {} KiB and {} ways", name, cache.kib, cache.ways),
             power ? "a power of two of sets of 64-byte lines" : "whole sets of 64-byte lines");
    }

    template <typename Cache>
    void replacement(const std::string& name, const Cache& cache) {
        if (cache.replacement != "plru" || cache.ways <= kMostTreeWays) return;
        fail(name, {"ways", "replacement"}, fmt::format("{} ways with plru", cache.ways),
             fmt::format("at most {}", kMostTreeWays));
    }

    void entries(const std::string& table, const char* key, std::uint64_t count, const char* ways_key,
                 std::uint64_t ways) {
        if (count % ways == 0) return;
        fail(table, {key, ways_key}, fmt::format("{}.{} = {} in {} ways", table, key, count, ways), "whole sets");
    }

    template <typename Tlb>
    void tlb(const std::string& table, const Tlb& tlb) {
        entries(table, "entries", tlb.entries, "ways", tlb.ways);
        entries(table, "second_entries", tlb.second_entries, "second_ways", tlb.second_ways);
    }

    void rises(const std::string& table, const char* key, std::uint64_t value, const std::string& above,
               std::uint64_t least) {
        if (value >= least) return;
        fail(table, {key}, fmt::format("{}.{} = {}", table, key, value), fmt::format("{} = {} at least", above, least));
    }

  private:
    TomlTable table_of(const std::string& dotted) {
        const std::size_t dot = dotted.find('.');
        return dot == std::string::npos ? root_.table(dotted)
                                        : root_.table(dotted.substr(0, dot)).table(dotted.substr(dot + 1));
    }
    TomlTable& root_;
    const std::string& file_;
};

void check_memory(Checker& check, const regs::CpuMemory& memory) {
    check.cache("memory.l1i", memory.l1i, false);
    check.cache("memory.l1d", memory.l1d, false);
    check.cache("memory.l2", memory.l2, false);
    check.cache("memory.llc", memory.llc, false);
    check.replacement("memory.l1i", memory.l1i);
    check.replacement("memory.l1d", memory.l1d);
    check.replacement("memory.l2", memory.l2);
    check.replacement("memory.llc", memory.llc);
    check.tlb("memory.itlb", memory.itlb);
    check.tlb("memory.dtlb", memory.dtlb);
    check.rises("memory.l2", "latency", memory.l2.latency, "memory.l1d.latency", memory.l1d.latency);
    check.rises("memory.llc", "latency", memory.llc.latency, "memory.l2.latency", memory.l2.latency);
    if (!std::has_single_bit(memory.walk.page_kib)) {
        check.fail("memory.walk", {"page_kib"}, fmt::format("memory.walk.page_kib = {}", memory.walk.page_kib),
                   "a power of two");
    }
}

void check_branches(Checker& check, const regs::CpuMemory& memory) {
    const auto& branch = memory.branch;
    check.entries("branch", "btb_entries", branch.btb_entries, "btb_ways", branch.btb_ways);
    check.rises("branch", "max_history", branch.max_history, "branch.min_history", branch.min_history);
    if (branch.max_history + branch.tagged_tables > kMostHistory) {
        check.fail("branch", {"max_history"}, fmt::format("branch.max_history = {}", branch.max_history),
                   fmt::format("at most {} less tagged_tables", kMostHistory));
    }
}

}  // namespace

void check_cpu_profile(TomlTable& root, const regs::CpuProfile& profile, const std::string& file) {
    Checker check(root, file);
    check.cache("l1i", profile.l1i, true);
    check.cache("l1d", profile.l1d, true);
    check.cache("l2", profile.l2, true);
    check.cache("llc", profile.llc, true);
    check_memory(check, profile.memory);
    check_branches(check, profile.memory);
}

}  // namespace turnpike::config
