// SPDX-License-Identifier: Apache-2.0
// Words as IEEE 1003.1, Shell Command Language 2.2 and 2.3, makes them.
#include "config/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/error.h"

namespace turnpike::config {
namespace {

using testing::ElementsAre;

std::vector<std::string> words(const std::string& script) {
    std::vector<std::string> texts;
    for (const Line& line : split_script("router.sh", script)) {
        for (const Word& word : line.words) texts.push_back(word.text);
    }
    return texts;
}

std::string error(const std::string& script) {
    try {
        split_script("router.sh", script);
    } catch (const Error& e) {
        return e.what();
    }
    return "accepted";
}

TEST(Lexer, CommentsAndBlankLinesAreNoCommands) {
    EXPECT_TRUE(split_script("f", "#!/bin/sh\n\n   \t\n  # comment 'with quote\n").empty());
    EXPECT_THAT(words("ip link # set"), ElementsAre("ip", "link"));
    EXPECT_THAT(words("ip a#b"), ElementsAre("ip", "a#b"));
}

TEST(Lexer, QuotesJoinAndAreTakenAway) {
    EXPECT_THAT(words(R"(a 'b c' "d e" f'g'"h" '')"), ElementsAre("a", "b c", "d e", "fgh", ""));
    EXPECT_THAT(words(R"('a\b' "a\b" "a\"b" a\ b)"), ElementsAre("a\\b", "a\\b", "a\"b", "a b"));
}

TEST(Lexer, ABackslashAtTheEndContinuesTheLine) {
    const auto lines = split_script("f", "\nip link \\\n  set eth0\\\nx up # c\nip a\n");
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].line, 2u);
    EXPECT_EQ(lines[0].text, "ip link   set eth0x up");
    EXPECT_EQ(lines[0].words[2].line, 3u);
    EXPECT_EQ(lines[0].words[2].column, 3u);
    EXPECT_EQ(lines[1].line, 5u);
}

TEST(Lexer, ShellSyntaxIsNotRun) {
    const std::string expected = "one plain command a line: shell syntax is not run";
    for (const char* operators : {"$", "`", ";", "&", "|", "<", ">", "(", ")"}) {
        EXPECT_EQ(error(std::string("ip a ") + operators + " b"),
                  std::string("router.sh:1:6: found '") + operators + "', expected " + expected);
    }
    EXPECT_EQ(error("ip \"$X\""), "router.sh:1:5: found '$', expected plain text: shell syntax is not run");
}

TEST(Lexer, OpenQuotesAndStrangeCharactersAreErrorsWithTheirPlace) {
    EXPECT_EQ(error("ip\nip 'a b"), "router.sh:2:4: found an open quote, expected a closing '");
    EXPECT_EQ(error("ip \"a\nb\""), "router.sh:1:6: found a line end inside quotes, expected the closing quote");
    EXPECT_EQ(error("ip a\r\n"), "router.sh:1:5: found a carriage return, expected Unix line ends");
    EXPECT_EQ(error("ip \\"), "router.sh:1:5: found '\\' at the end of the file, expected a character after it");
    EXPECT_EQ(error(std::string("ip \0", 4)), "router.sh:1:4: found '\\x00', expected text");
}

TEST(Lexer, ACommandWithATimeIsNotSilentlyAComment) {
    EXPECT_EQ(error("  #at 5ms ip route del default"),
              "router.sh:1:3: found '#at 5ms ip route del default', expected a command without a time: changes during "
              "the run are not supported by this version");
    EXPECT_EQ(error("#at the start"), "accepted");
    EXPECT_EQ(error("# at 5ms"), "accepted");
}

}  // namespace
}  // namespace turnpike::config
