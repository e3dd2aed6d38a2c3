// SPDX-License-Identifier: Apache-2.0
// Programs of several thousand lines from Debian's source packages (tests/exec/source_programs.cmake): the object files
// that this processor runs natively print the same on the modelled core.
#include <gtest/gtest.h>

#include <tuple>

#include "tests/exec/run_program.h"

namespace turnpike::exec {
namespace {

class SourcePrograms : public testing::TestWithParam<std::tuple<const char*, const char*, const char*>> {
  protected:
    static std::string name() {
        const auto& [program, compiler, level] = GetParam();
        return std::string(program) + "_" + compiler + "_" + level;
    }
    void SetUp() override {
        if (!fs::exists(built(name() + ".elf")))
            GTEST_SKIP() << "neither its source package (tools/install.sh test) nor its compiler may be missing";
    }
    static void expect_native(const How& how) {
        const std::string expected = native_output(built(name() + "_native"));
        EXPECT_GT(expected.size(), 500U);
        const Ran ran = run(built(name() + ".elf"), how);
        ASSERT_EQ(ran.end, End::exited) << ran.diagnosis;
        EXPECT_EQ(ran.status, 0U);
        EXPECT_EQ(ran.output, expected);
        EXPECT_GT(ran.stats.instructions, 100'000U);
    }
};

TEST_P(SourcePrograms, PrintFunctionallyWhatTheyPrintNatively) { expect_native({.functional = true}); }

TEST_P(SourcePrograms, PrintTimedAsZen5WhatTheyPrintNatively) { expect_native({.cpu = "zen5"}); }

INSTANTIATE_TEST_SUITE_P(Of, SourcePrograms,
                         testing::Combine(testing::Values("runtime", "zlib", "mbedtls", "lua", "sqlite"),
                                          testing::Values("gcc", "clang"), testing::Values("O0", "O2", "O3")),
                         [](const auto& chosen) {
                             return std::string(std::get<0>(chosen.param)) + "_" + std::get<1>(chosen.param) + "_" +
                                    std::get<2>(chosen.param);
                         });

}  // namespace
}  // namespace turnpike::exec
