// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Script script(const std::string& text) {
    const TemporaryDirectory directory;
    const auto file = directory.path() / "router.sh";
    std::ofstream(file) << text;
    return read_script(file);
}

TEST(Script, CommentsAndEmptyLinesAreNoCommands) {
    const Script read = script("# comment\n\n  # another\nip link set eth0 up # with a comment for the shell\n");
    ASSERT_EQ(read.before.size(), 1u);
    EXPECT_EQ(read.before[0].number, 4u);
    EXPECT_TRUE(read.timed.empty());
}

TEST(Script, ALineIsContinuedByABackslash) {
    EXPECT_EQ(script("ip addr add 10.0.0.1/24 \\\n dev eth0\n").before[0].command, "ip addr add 10.0.0.1/24  dev eth0");
}

TEST(Script, TimedLinesAreOrderedByTheirTime) {
    const Script read = script("#at 1.5s ip link set eth0 down\n#at 5ms true\n#at 5000us false\n");
    ASSERT_EQ(read.timed.size(), 3u);
    EXPECT_EQ(read.timed[0].at, 5ms);
    EXPECT_EQ(read.timed[0].command, "true");
    EXPECT_EQ(read.timed[1].command, "false");
    EXPECT_EQ(read.timed[2].at, 1500ms);
    EXPECT_EQ(read.timed[2].number, 1u);
    EXPECT_TRUE(read.before.empty());
}

TEST(Script, ACommentThatOnlyBeginsWithAtIsAComment) {
    const Script read = script("#at home\n#attic 5ms true\n# at 5ms true\n");
    EXPECT_TRUE(read.timed.empty());
    EXPECT_TRUE(read.before.empty());
}

TEST(Script, ALineThatFailsIsNamed) {
    const Script read = script("\nexit 3\n");
    try {
        run_line(read, read.before[0]);
        FAIL() << "expected an error";
    } catch (const EnvironmentError& error) {
        EXPECT_THAT(error.what(), HasSubstr(":2: Linux refuses 'exit 3' (status 3)"));
    }
}

TEST(Script, AMissingFileIsAnError) { EXPECT_THROW(read_script("/no/such/router.sh"), EnvironmentError); }

}  // namespace
}  // namespace turnpike::diff
