// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/host/comparison.h"

#include <algorithm>

namespace turnpike::host {
namespace {

class Comparison {
  public:
    explicit Comparison(const Plan& plan)
        : plan_(plan), pool_(memory_pool(plan.seed)), generator_(plan.seed), host_(pool_) {
        for (const bool user : {true, false}) {
            for (const bool functional : {true, false}) {
                for (const bool slow : {false, true}) {
                    cores_.push_back(std::make_unique<CoreRunner>(pool_, CoreRunner::Kind{user, functional, slow}));
                }
            }
        }
        if (plan.unicorn_each != 0) unicorn_ = std::make_unique<UnicornRunner>(pool_);
    }

    void batch() {
        std::vector<Sample> samples;
        std::vector<Outcome> expected(HostProcess::kBatch);
        for (std::size_t n = 0; n < HostProcess::kBatch; ++n) {
            samples.push_back(generator_.sample(1 + static_cast<unsigned>((report_.samples + n) % plan_.longest)));
        }
        host_.run(samples, expected);
        for (std::size_t n = 0; n < samples.size(); ++n) judge(samples[n], expected[n]);
    }

    Report& report() { return report_; }

  private:
    void judge(const Sample& sample, const Outcome& expected) {
        // The kinds of core take turns: privilege, functional and timed, plain and checked stores.
        const std::size_t kinds = sample.user ? cores_.size() / 2 : cores_.size();
        CoreRunner& core = *cores_[report_.samples % kinds];
        ++report_.samples;
        report_.instructions += carried_out(sample, expected);
        if (expected.exception != kNoException) ++report_.exceptions;
        for (const Unit& unit : sample.units) ++report_.by_mnemonic[mnemonic(sample, unit)];
        if (core.run(sample) != expected) explain(sample, core);
        // Unicorn here has neither privilege 3 nor page tables.
        const bool for_unicorn = unicorn_ != nullptr && !sample.user && !sample.too_odd;
        if (for_unicorn && report_.samples % plan_.unicorn_each == 0) judge_unicorn(sample, expected);
    }

    /// Units up to the one that an exception ended; one that left the sample's code was its last.
    static std::size_t carried_out(const Sample& sample, const Outcome& outcome) {
        const u64 offset = outcome.rip - sample.at;
        if (outcome.exception == kNoException || offset >= sample.code.size()) return sample.units.size();
        return static_cast<std::size_t>(std::count_if(sample.units.begin(), sample.units.end(),
                                                      [&](const Unit& unit) { return unit.begin <= offset; }));
    }

    /// The shortest beginning of the sample after which the runner and the host differ.
    template <class Runner>
    std::size_t first_difference(const Sample& sample, Runner differs) {
        std::size_t units = 1;
        while (units < sample.units.size() && !differs(shortened(sample, units))) ++units;
        return units;
    }

    void explain(const Sample& sample, CoreRunner& core) {
        const auto differs = [&](const Sample& part) { return core.run(part) != host_.run(part); };
        const std::size_t units = first_difference(sample, differs);
        const Sample part = shortened(sample, units);
        const Outcome expected = host_.run(part);
        report_.differences.push_back({mnemonic(sample, sample.units[units - 1]),
                                       difference(expected, core.run(part), "host", "core") + disassembly(part, 0)});
    }

    void judge_unicorn(const Sample& sample, const Outcome& expected) {
        report_.unicorn_instructions += sample.units.size();
        if (agrees(unicorn_->run(sample), expected)) return;
        const auto differs = [&](const Sample& part) { return !agrees(unicorn_->run(part), host_.run(part)); };
        ++report_.unicorn_differences[mnemonic(sample, sample.units[first_difference(sample, differs) - 1])];
    }

    /// Unicorn has no error codes, and after an exception its registers are not exact by design.
    static bool agrees(const Outcome& unicorn, const Outcome& expected) {
        if (expected.exception != kNoException) return unicorn.exception == expected.exception;
        return unicorn == expected;
    }

    const Plan plan_;
    const std::vector<u8> pool_;
    Generator generator_;
    HostProcess host_;
    std::vector<std::unique_ptr<CoreRunner>> cores_;
    std::unique_ptr<UnicornRunner> unicorn_;
    Report report_;
};

}  // namespace

Report compare(const Plan& plan, const std::function<void(const Report&)>& progress) {
    Comparison comparison(plan);
    Report& report = comparison.report();
    while (report.instructions < plan.instructions && report.differences.size() < plan.most_differences) {
        comparison.batch();
        if (progress) progress(report);
    }
    return report;
}

}  // namespace turnpike::host
