// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/micro.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/silicon/block_facts.h"

namespace turnpike::silicon {
namespace {

TEST(Microbenchmarks, EachHasANameOfItsOwnAndBlocksOfItsInstructions) {
    std::set<std::string> names;
    for (const Row& row : microbenchmarks()) {
        EXPECT_TRUE(names.insert(row.name + " " + row.kind).second) << row.name;
        EXPECT_EQ(row.name.find(','), std::string::npos) << row.name;
        const BlockFacts facts = facts_of(row.bytes);
        EXPECT_EQ(facts.refusal, "") << row.name;
        EXPECT_EQ(std::to_string(facts.instructions), row.instances) << row.name;
    }
    EXPECT_GE(names.size(), 50u);
}

TEST(Microbenchmarks, AreWhatTheirNamesSay) {
    const auto rows = microbenchmarks();
    const auto hex = [&](const std::string& name, const std::string& kind) {
        const auto found = std::find_if(rows.begin(), rows.end(),
                                        [&](const Row& row) { return row.name == name && row.kind == kind; });
        return found == rows.end() ? "" : found->hex;
    };
    EXPECT_EQ(hex("add r64 r64", "lat"), "4c01f8");
    EXPECT_EQ(hex("imul r64 r64", "lat"), "490fafc7");
    EXPECT_EQ(hex("mov r64 m64 to its address", "lat"), "488b00");
    EXPECT_EQ(hex("nop", "tput"), "9090909090909090");
}

}  // namespace
}  // namespace turnpike::silicon
