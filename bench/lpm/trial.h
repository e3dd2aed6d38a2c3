// SPDX-License-Identifier: Apache-2.0
// One table through the LPM engine: what it takes of memory, whether its answers are the reference's, with pauses and
// stalls, and under updates.
#pragma once
#include <string>
#include <vector>

#include "cli/lpm/lpm_run.h"
#include "tests/lpm/reference.h"

namespace turnpike::bench {

struct TrialOptions {
    std::string mode = "rtl";
    std::size_t lookups = 10'000'000;
    std::size_t updates = 100'000;
    std::uint32_t seed = 1;
};

class Trial {
  public:
    Trial(std::string name, std::vector<lpm::Change> table, const TrialOptions& options);
    /// Prints bits a prefix: used, of the default engine, of one made for the table. `aim`: they are to be at most 41
    /// used and 50 provisioned.
    void measure_memory(bool aim);
    /// Random and biased addresses without a pause, then with random pauses and stalls on both sides.
    void look_up();
    /// Lookups at full rate while the table changes; afterwards it takes what a table built anew takes.
    void update();
    /// Everything was as it should be.
    bool held() const { return held_; }

  private:
    void look_up(const char* what, bool biased, unsigned idle_percent, unsigned stall_percent);
    lpm::Job job() const;
    void expect(bool condition, const char* what);

    std::string name_;
    std::vector<lpm::Change> table_;
    TrialOptions options_;
    lpm_test::Reference reference_;
    bool held_ = true;
};

/// /32s anywhere until the engine's memories take no more.
std::vector<lpm::Change> hosts_until_full(std::uint32_t seed);

}  // namespace turnpike::bench
