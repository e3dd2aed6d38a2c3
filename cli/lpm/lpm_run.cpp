// SPDX-License-Identifier: Apache-2.0
#include "cli/lpm/lpm_run.h"

#include <deque>
#include <random>

#include "config/error.h"
#include "models/accel/lpm_engine.h"
#include "sw/lpm/engine_writer.h"
#include "sw/lpm/software_lookup.h"

namespace turnpike::lpm {
namespace {

/// A tree with the memory that it takes; pages that are never written cost nothing.
struct Table {
    Table(const fw::TreeShape& shape, const fw::TreeCapacity& capacity)
        : memory(new fw::TreeNode[fw::PrefixTree::bytes_for(shape, capacity) / sizeof(fw::TreeNode)]) {
        tree.init(shape, capacity, reinterpret_cast<fw::u8*>(memory.get()));
    }
    void apply(const Change& change, const std::string& file) {
        if (!change.put) {
            tree.remove(change.prefix, change.len);
        } else if (tree.put(change.prefix, change.len, change.hop) != 0) {
            throw config::Error(file, change.line, 0, "the table is full: no room for this prefix");
        }
    }
    std::unique_ptr<fw::TreeNode[]> memory;
    fw::PrefixTree tree;
};

/// The update that is due when this many of the lookups have begun.
bool is_due(const Job& job, std::size_t update, std::size_t begun, std::size_t lookups) {
    return update < job.updates.size() && begun * (job.updates.size() + 1) >= (update + 1) * lookups;
}

/// The job's addresses, and their answers in this order.
class ListedLookups final : public Lookups {
  public:
    explicit ListedLookups(const Job& job) : job_(job) { hops.reserve(job.addresses.size()); }
    std::size_t count() const override { return job_.addresses.size(); }
    std::uint32_t next(std::size_t) override { return job_.addresses[next_++]; }
    void answered(std::uint16_t hop, std::size_t, std::size_t) override { hops.push_back(hop); }
    std::vector<std::uint16_t> hops;

  private:
    const Job& job_;
    std::size_t next_ = 0;
};

/// The engine at its clock: in each an access to its registers, an address in and an answer out.
class EngineRun {
  public:
    EngineRun(const Job& job, Lookups& lookups)
        : job_(job),
          lookups_(lookups),
          count_(lookups.count()),
          engine_(make_engine(job)),
          table_(fw::kEngineShape, fw::EngineWriter::capacity_of(bus())) {}

    Result run() {
        for (const Change& change : job_.table) table_.apply(change, job_.table_file);
        writer_.init(bus());
        table_.tree.attach(writer_.writer());
        write(regs::lpm::CTRL, regs::lpm::CTRL_ENABLE.of(1));
        looking_up_ = true;
        const std::uint64_t begin = clock_;
        while (answered_ < count_ || begun_ < job_.updates.size()) {
            if (is_due(job_, begun_, accepted_, count_)) {
                const Change& update = job_.updates[begun_++];
                table_.apply(update, job_.updates_file);
                ++done_;
            } else {
                tick();
            }
        }
        result_.clocks = clock_ - begin;
        count_bits();
        return std::move(result_);
    }

  private:
    struct Flight {
        LpmEngine::Ticket ticket;
        std::uint64_t accepted;
        std::size_t done;  ///< updates, then
    };

    static std::unique_ptr<LpmEngine> make_engine(const Job& job) {
        if (!job.wave) return make_lpm_engine(job.mode);
        const Waveform waveform{*job.wave, kLpmMhz, std::make_shared<std::uint64_t>(0)};
        return make_lpm_engine(job.mode, &waveform);
    }
    fw::EngineBus bus() {
        return {this, [](void* at, fw::u64 offset) { return static_cast<EngineRun*>(at)->read(offset); },
                [](void* at, fw::u64 offset, fw::u64 value) { static_cast<EngineRun*>(at)->write(offset, value); }};
    }
    std::uint64_t read(std::uint64_t offset) {
        const std::uint64_t value = engine_->read(offset, clock_);
        tick();
        return value;
    }
    void write(std::uint64_t offset, std::uint64_t value) {
        engine_->write(offset, value, clock_);
        tick();
    }
    bool chance(unsigned percent) { return percent != 0 && random_() % 100 < percent; }

    void tick() {
        if (looking_up_) {
            const bool held = chance(job_.stall_percent);
            if (held != held_) engine_->hold(held, clock_);
            held_ = held;
            take_answer();
            if (accepted_ < count_ && engine_->ready(clock_) && !chance(job_.idle_percent)) {
                flights_.push_back({engine_->issue(lookups_.next(begun_), clock_), clock_, done_});
                ++accepted_;
            }
        }
        ++clock_;
    }
    void take_answer() {
        if (flights_.empty()) return;
        const auto answer = engine_->answer(flights_.front().ticket, clock_);
        if (!answer) return;
        const std::uint64_t latency = answer->cycle - flights_.front().accepted;
        if (answered_ == 0 || latency < result_.least_latency) result_.least_latency = latency;
        if (latency > result_.most_latency) result_.most_latency = latency;
        ++answered_;
        lookups_.answered(answer->index, flights_.front().done, begun_);
        flights_.pop_front();
    }

    void count_bits() {
        const fw::TreeUsage usage = table_.tree.usage();
        result_.usage = usage;
        result_.prefixes = usage.prefixes;
        result_.bits_used = kLpmCapacity[kLpmRoot] * lpm_word_bits(kLpmRoot) +
                            std::uint64_t{usage.blocks.results} * lpm_word_bits(kLpmResult);
        for (unsigned level = 0; level < kLpmLevels; ++level) {
            result_.bits_used += std::uint64_t{usage.blocks.nodes[level]} * lpm_word_bits(level + 1);
        }
        result_.bits_provisioned = lpm_memory_bits();
    }

    const Job& job_;
    Lookups& lookups_;
    std::size_t count_;
    std::mt19937 random_{job_.seed};
    std::unique_ptr<LpmEngine> engine_;
    std::uint64_t clock_ = 0;
    bool looking_up_ = false, held_ = false;
    std::size_t accepted_ = 0, answered_ = 0;
    std::size_t begun_ = 0, done_ = 0;  ///< updates
    std::deque<Flight> flights_;
    Result result_;
    Table table_;
    fw::EngineWriter writer_;
};

Result run_software(const Job& job) {
    // Enough for any table of 4 million prefixes; a cell that is not used is not touched.
    constexpr std::uint32_t kMost = 1U << 22;
    constexpr fw::TreeCapacity kCapacity = {{8192, kMost, kMost, kMost, 0}, 2 * kMost};
    Table table(fw::kSoftwareShape, kCapacity);
    for (const Change& change : job.table) table.apply(change, job.table_file);
    fw::SoftwareTable parts = {};
    parts.of(table.tree);
    Result result;
    result.hops.reserve(job.addresses.size());
    std::size_t update = 0;
    for (const std::uint32_t address : job.addresses) {
        while (is_due(job, update, result.hops.size(), job.addresses.size()))
            table.apply(job.updates[update++], job.updates_file);
        result.hops.push_back(fw::software_lookup(parts, address));
    }
    while (update < job.updates.size()) table.apply(job.updates[update++], job.updates_file);
    const fw::TreeUsage usage = table.tree.usage();
    constexpr std::uint64_t kNodeBits = 8 * sizeof(fw::TreeNode), kResultBits = 8 * sizeof(std::uint16_t);
    const std::uint64_t root = (std::uint64_t{8} * sizeof(fw::TreeRoot)) << fw::kSoftwareShape.root_bits;
    result.usage = usage;
    result.prefixes = usage.prefixes;
    result.bits_used = root + usage.blocks.results * kResultBits;
    result.bits_provisioned = root + usage.chunks.results * kResultBits;
    for (unsigned level = 0; level < fw::kSoftwareShape.levels; ++level) {
        result.bits_used += usage.blocks.nodes[level] * kNodeBits;
        result.bits_provisioned += usage.chunks.nodes[level] * kNodeBits;
    }
    return result;
}

}  // namespace

Result run(const Job& job) {
    if (job.mode == "software") return run_software(job);
    ListedLookups lookups(job);
    Result result = run(job, lookups);
    result.hops = std::move(lookups.hops);
    return result;
}

Result run(const Job& job, Lookups& lookups) { return EngineRun(job, lookups).run(); }

}  // namespace turnpike::lpm
