// SPDX-License-Identifier: Apache-2.0
// Words as IEEE 1003.1, Shell Command Language 2.2 and 2.3, makes them.
#include "config/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/duration.h"
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
    for (const char* operators : {"$", "`", ";", "&", "|", "<", "(", ")"}) {
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

TEST(Lexer, ARedirectionIsAWordOfItsOwn) {
    for (const char* text : {"echo a > b", "echo a>b", "echo a >b"}) {
        const auto lines = split_script("f", text);
        EXPECT_THAT(words(text), ElementsAre("echo", "a", ">", "b")) << text;
        EXPECT_TRUE(lines[0].words[2].redirection);
    }
    EXPECT_FALSE(split_script("f", "echo '>'")[0].words[1].redirection);
    EXPECT_EQ(
        error("echo 1>f"),
        "router.sh:1:7: found '1>', expected a blank before '>': a shell takes this number for a file descriptor");
    EXPECT_EQ(error("echo 1 >> f"), "router.sh:1:9: found '>>', expected '>'");
}

TEST(Lexer, ACommentWithATimeIsACommand) {
    const auto lines = split_script("f", "ip a\n  #at 5ms ip 'route  del' x # why\n#at\t1.5us  ip\n");
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_FALSE(lines[0].at_ns);
    EXPECT_EQ(lines[1].at_ns, 5'000'000u);
    EXPECT_EQ(lines[1].line, 2u);
    EXPECT_EQ(lines[1].text, "ip 'route  del' x");
    EXPECT_EQ(lines[1].words[1].text, "route  del");
    EXPECT_EQ(lines[1].words[1].column, 14u);
    EXPECT_EQ(lines[2].at_ns, 1'500u);
}

TEST(Lexer, OtherCommentsThatBeginSoAreComments) {
    for (const char* text : {"#at the start", "# at 5ms ip a", "#at5ms ip a", "#at", "#at ", "#attention 5ms ip a"}) {
        EXPECT_TRUE(split_script("f", text).empty()) << text;
    }
    EXPECT_THAT(words("ip a #at 5ms ip b"), ElementsAre("ip", "a"));
}

TEST(Lexer, AWrongTimeIsAnError) {
    for (const char* time : {"5", "5m", "5mss", "1.5", "1.ms", "0.0001us", "5,5ms", "1234567890s", "5ms;"}) {
        EXPECT_EQ(error(std::string("#at ") + time + " ip a"),
                  std::string("router.sh:1:5: found '") + time +
                      "', expected a time as 5ms: a number with us, ms or s, in whole nanoseconds");
    }
    EXPECT_EQ(error("#at 5ms"), "router.sh:1:8: found no command, expected a command behind the time");
    EXPECT_EQ(error("#at 5ms # ip a"), "router.sh:1:9: found no command, expected a command behind the time");
    EXPECT_EQ(error("#at 5ms ip a \\\nb"),
              "router.sh:1:14: found a continued line, expected all of the command on one line: to a shell it is a "
              "comment");
}

TEST(Duration, UnitsAndParts) {
    EXPECT_EQ(parse_duration_ns("0s"), 0u);
    EXPECT_EQ(parse_duration_ns("12us"), 12'000u);
    EXPECT_EQ(parse_duration_ns("0.25ms"), 250'000u);
    EXPECT_EQ(parse_duration_ns("1.000000001s"), 1'000'000'001u);
    EXPECT_EQ(parse_duration_ns("0.0010us"), 1u);
    EXPECT_EQ(parse_duration_ns("999999999s"), 999'999'999'000'000'000u);
    EXPECT_EQ(parse_duration_ns(""), std::nullopt);
    EXPECT_EQ(parse_duration_ns("s"), std::nullopt);
}

}  // namespace
}  // namespace turnpike::config
