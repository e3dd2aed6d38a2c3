// SPDX-License-Identifier: Apache-2.0
// Lookups while a table changes, each judged: the answer is that of the table just before or just after the updates
// that were under way, and for one address never that of an older table after a newer one's.
#pragma once
#include <array>
#include <deque>
#include <random>
#include <unordered_map>

#include "cli/lpm/lpm_run.h"
#include "tests/lpm/reference.h"

namespace turnpike::lpm_test {

class UpdateJudge final : public lpm::Lookups {
  public:
    /// Lookups of a few addresses near the update under way, again and again, and as many anywhere in the table.
    UpdateJudge(const lpm::Job& job, std::size_t lookups, std::uint32_t seed);

    std::size_t count() const override { return count_; }
    std::uint32_t next(std::size_t begun) override;
    void answered(std::uint16_t hop, std::size_t done, std::size_t begun) override;

    struct Verdict {
        std::size_t right = 0;
        std::size_t changing = 0;  ///< of these, while an update that concerned the address was under way
        std::size_t wrong = 0;     ///< of no table that could be seen
        std::size_t back = 0;      ///< of an older table than an answer before
    };
    const Verdict& verdict() const { return verdict_; }
    /// The table after all updates.
    const Reference& final_table();

  private:
    void carry_out(std::size_t done);
    std::uint16_t answer_of(std::uint32_t address, std::size_t table) const;
    bool concerns(std::uint32_t address, std::size_t from, std::size_t to) const;
    void forget_old(std::size_t done);

    const std::vector<lpm::Change>& table_;
    const std::vector<lpm::Change>& updates_;
    std::size_t count_;
    std::mt19937 random_;
    std::array<std::uint32_t, 8> near_ = {};
    std::size_t near_update_ = 0;  ///< number from 1 of the update that they are near
    std::deque<std::uint32_t> asked_;
    Reference reference_;  ///< after the first `carried_out_` updates
    std::size_t carried_out_ = 0;
    std::unordered_map<std::uint32_t, std::size_t> seen_;  ///< by address: an answer was of this table or a later one
    Verdict verdict_;
};

}  // namespace turnpike::lpm_test
