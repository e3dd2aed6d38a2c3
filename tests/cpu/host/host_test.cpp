// SPDX-License-Identifier: Apache-2.0
// Random code on the host's own processor and on the modelled core: registers, defined flags, memory and exceptions
// must agree. The host decides. bench/fuzz runs the same for as long as one likes.
#include <gtest/gtest.h>

#include "tests/cpu/host/comparison.h"

namespace turnpike::host {
namespace {

void expect_agreement(const Plan& plan) {
    const std::string reason = HostProcess::unavailable();
    if (!reason.empty()) GTEST_SKIP() << reason;
    const Report report = compare(plan);
    for (const Difference& difference : report.differences)
        ADD_FAILURE() << difference.mnemonic << "\n" << difference.text;
    EXPECT_GE(report.instructions, plan.instructions);
}

TEST(HostProcessor, SingleInstructionsAgree) { expect_agreement({.seed = 1, .instructions = 100'000, .longest = 1}); }
TEST(HostProcessor, SequencesAgree) { expect_agreement({.seed = 2, .instructions = 400'000, .longest = 12}); }

}  // namespace
}  // namespace turnpike::host
