// SPDX-License-Identifier: Apache-2.0
#include "bench/lpm/trial.h"

#include <fmt/core.h>

#include <chrono>
#include <memory>

#include "cli/lpm/lpm_sizing.h"
#include "tests/lpm/internet_table.h"
#include "tests/lpm/update_judge.h"

namespace turnpike::bench {
namespace {

using lpm::Change;
using Clock = std::chrono::steady_clock;

constexpr double kMostUsed = 41, kMostProvisioned = 50;  // bits a prefix
constexpr unsigned kSparePercent = 10;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The control plane alone, for an engine of these capacities.
class Tree {
  public:
    explicit Tree(const LpmCapacity& words) {
        const fw::TreeCapacity capacity = lpm::tree_capacity(words);
        memory_.reset(new fw::TreeNode[fw::PrefixTree::bytes_for(fw::kEngineShape, capacity) / sizeof(fw::TreeNode)]);
        tree.init(fw::kEngineShape, capacity, reinterpret_cast<fw::u8*>(memory_.get()));
    }
    bool put_all(const std::vector<Change>& table) {
        for (const Change& one : table) {
            if (tree.put(one.prefix, one.len, one.hop) != 0) return false;
        }
        return true;
    }
    fw::PrefixTree tree;

  private:
    std::unique_ptr<fw::TreeNode[]> memory_;
};

std::uint64_t bits_of(const fw::TreeCapacity& cells) {
    std::uint64_t bits = kLpmCapacity[kLpmRoot] * lpm_word_bits(kLpmRoot);
    for (unsigned level = 0; level < kLpmLevels; ++level) bits += cells.nodes[level] * lpm_word_bits(level + 1);
    return bits + std::uint64_t{cells.results} * lpm_word_bits(kLpmResult);
}

bool same(const fw::TreeCapacity& a, const fw::TreeCapacity& b) {
    return std::equal(std::begin(a.nodes), std::end(a.nodes), std::begin(b.nodes)) && a.results == b.results;
}

}  // namespace

std::vector<Change> hosts_until_full(std::uint32_t seed) {
    std::vector<Change> hosts = lpm_test::random_hosts(kLpmCapacity[kLpmLevels] + 1, seed);
    Tree tree(kLpmCapacity);
    std::size_t fitting = 0;
    while (fitting < hosts.size() && tree.tree.put(hosts[fitting].prefix, 32, hosts[fitting].hop) == 0) ++fitting;
    hosts.resize(fitting);
    return hosts;
}

Trial::Trial(std::string name, std::vector<Change> table, const TrialOptions& options)
    : name_(std::move(name)), table_(std::move(table)), options_(options) {
    for (const Change& one : table_) reference_.put({one.prefix, one.len}, one.hop);
    fmt::print("{}: {} prefixes\n", name_, reference_.size());
}

lpm::Job Trial::job() const {
    lpm::Job job;
    job.table_file = name_;
    job.updates_file = "updates";
    job.table = table_;
    job.mode = options_.mode;
    job.seed = options_.seed;
    return job;
}

void Trial::expect(bool condition, const char* what) {
    if (condition) return;
    held_ = false;
    fmt::print("  MISSED: {}\n", what);
}

void Trial::measure_memory(bool aim) {
    Tree tree(kLpmCapacity);
    expect(tree.put_all(table_), "the table fits the default engine");
    const fw::TreeUsage usage = tree.tree.usage();
    const double prefixes = usage.prefixes;
    const LpmCapacity words = lpm::capacity_for(usage, kSparePercent);
    const double used = static_cast<double>(bits_of(usage.blocks)) / prefixes;
    const double provisioned = static_cast<double>(lpm_memory_bits(words)) / prefixes;
    fmt::print("  bits a prefix: used {:.2f} (aim {}), with what fragments leave {:.2f}\n", used, kMostUsed,
               static_cast<double>(bits_of(usage.chunks)) / prefixes);
    fmt::print("  provisioned: {:.2f} in an engine made for it, {} % spare (aim {}); {:.2f} in the default engine\n",
               provisioned, kSparePercent, kMostProvisioned, static_cast<double>(lpm_memory_bits()) / prefixes);
    fmt::print("  words of the one made for it: level 1 to 5 {} {} {} {} {}, results {}\n", words[1], words[2],
               words[3], words[4], words[5], words[kLpmResult]);
    expect(Tree(words).put_all(table_), "the table fits the engine made for it");
    if (!aim) return;
    expect(used <= kMostUsed, "bits used");
    expect(provisioned <= kMostProvisioned, "bits provisioned");
}

void Trial::look_up() {
    look_up("random addresses", false, 0, 0);
    look_up("biased addresses", true, 0, 0);
    look_up("biased, 30 % pauses, 30 % stalls", true, 30, 30);
}

void Trial::look_up(const char* what, bool biased, unsigned idle_percent, unsigned stall_percent) {
    lpm::Job job = this->job();
    job.addresses = lpm_test::random_addresses(table_, options_.lookups, biased, options_.seed + (biased ? 1 : 0));
    job.idle_percent = idle_percent;
    job.stall_percent = stall_percent;
    const auto start = Clock::now();
    const lpm::Result result = lpm::run(job);
    const double seconds = seconds_since(start);
    std::size_t wrong = 0;
    for (std::size_t n = 0; n < job.addresses.size(); ++n) {
        if (result.hops[n] != reference_.lookup(job.addresses[n])) ++wrong;
    }
    fmt::print("  {}: {} lookups, {} answered, {} wrong; {} clocks, {:.4f} a clock, latency {} to {}; {:.0f} s\n", what,
               job.addresses.size(), result.hops.size(), wrong, result.clocks,
               static_cast<double>(result.hops.size()) / static_cast<double>(result.clocks), result.least_latency,
               result.most_latency, seconds);
    expect(result.hops.size() == job.addresses.size(), "none lost");
    expect(wrong == 0, "the reference's answers");
    if (idle_percent + stall_percent != 0) return;
    expect(result.clocks == job.addresses.size() + kLpmLatency, "one lookup a clock");
    expect(result.least_latency == kLpmLatency && result.most_latency == kLpmLatency, "a fixed latency");
}

void Trial::update() {
    // Room for the next update to begin while lookups still flow, also behind the slowest, of the whole root.
    constexpr std::size_t kLookupsOfEach = 200;
    lpm::Job job = this->job();
    job.updates = lpm_test::random_updates(table_, options_.updates, options_.seed + 2);
    lpm_test::UpdateJudge judge(job, options_.updates * kLookupsOfEach, options_.seed + 3);
    const auto start = Clock::now();
    const lpm::Result result = lpm::run(job, judge);
    const auto& verdict = judge.verdict();
    fmt::print(
        "  {} updates among {} lookups, {:.4f} a clock: {} right ({} of an address that was changing), {} of no table, "
        "{} back; {:.0f} s\n",
        job.updates.size(), judge.count(), static_cast<double>(judge.count()) / static_cast<double>(result.clocks),
        verdict.right, verdict.changing, verdict.wrong, verdict.back, seconds_since(start));
    expect(verdict.right == judge.count(), "each answer is that of the table before or after the update under way");
    Tree fresh(kLpmCapacity);
    bool fits = true;
    judge.final_table().for_each([&](lpm_test::Prefix prefix, std::uint16_t hop) {
        fits = fits && fresh.tree.put(prefix.address, prefix.len, hop) == 0;
    });
    const fw::TreeUsage anew = fresh.tree.usage();
    fmt::print("  afterwards {} prefixes, {} bits used; built anew {} and {}\n", result.usage.prefixes,
               bits_of(result.usage.blocks), anew.prefixes, bits_of(anew.blocks));
    expect(fits && same(result.usage.blocks, anew.blocks) && same(result.usage.chunks, anew.chunks),
           "memory as after a fresh build");
}

}  // namespace turnpike::bench
