// SPDX-License-Identifier: Apache-2.0
#include "config/lexer.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "config/duration.h"
#include "config/error.h"

namespace turnpike::config {
namespace {

class Lexer {
  public:
    Lexer(const std::string& file, std::string_view script) : file_(file), script_(script) {}

    std::vector<Line> run() {
        while (at_ < script_.size()) step();
        end_line();
        return std::move(lines_);
    }

  private:
    void step() {
        const char c = script_[at_];
        if (c == '\n') {
            end_line();
            advance();
        } else if (c == ' ' || c == '\t') {
            end_word();
            take();
        } else if (c == '#' && !in_word_) {
            comment();
        } else if (c == '\\') {
            escape();
        } else if (c == '\'' || c == '"') {
            quote(c);
        } else if (c == '>') {
            redirection();
        } else {
            plain(c);
        }
    }

    void plain(char c) {
        if (std::string_view("$`;&|<()").find(c) != std::string_view::npos) {
            fail(in_quotes(std::string_view(&c, 1)), "one plain command a line: shell syntax is not run");
        }
        check_character(c);
        begin_word();
        word_.text += c;
        take();
    }

    /// Of all redirections only the plain one; a shell takes a number right before it for a file descriptor.
    void redirection() {
        if (in_word_ && word_.text.find_first_not_of("0123456789") == std::string::npos) {
            fail(in_quotes(word_.text + ">"), "a blank before '>': a shell takes this number for a file descriptor");
        }
        end_word();
        begin_word();
        word_.redirection = true;
        word_.text = '>';
        take();
        end_word();
        if (at_ < script_.size() && script_[at_] == '>') fail("'>>'", "'>'");
    }

    void comment() {
        const std::string_view rest = script_.substr(at_, script_.find('\n', at_) - at_);
        if (line_.words.empty() && is_timed(rest)) {
            begin_timed(rest);
        } else {
            skip(rest.size());
        }
    }

    void skip(std::size_t characters) {
        for (; characters > 0; --characters) advance();
    }

    /// Goes on to the command of "#at 5ms COMMAND".
    void begin_timed(std::string_view rest) {
        const std::size_t time = rest.find_first_not_of(" \t", 3);
        const std::size_t end = std::min(rest.find_first_of(" \t", time), rest.size());
        const std::size_t command = std::min(rest.find_first_not_of(" \t", end), rest.size());
        const std::string_view text = rest.substr(time, end - time);
        line_.at_ns = parse_duration_ns(text);
        skip(time);
        if (!line_.at_ns) fail(in_quotes(text), "a time as 5ms: a number with us, ms or s, in whole nanoseconds");
        skip(command - time);
        if (command == rest.size() || rest[command] == '#') fail("no command", "a command behind the time");
    }

    /// "#at 5ms COMMAND" is a change during the run; a shell takes it for a comment.
    static bool is_timed(std::string_view comment) {
        if (!comment.starts_with("#at")) return false;
        const std::size_t value = comment.find_first_not_of(" \t", 3);
        return value != std::string_view::npos && value > 3 && std::isdigit(static_cast<unsigned char>(comment[value]));
    }

    void escape() {
        if (at_ + 1 < script_.size() && script_[at_ + 1] == '\n') {
            if (line_.at_ns) fail("a continued line", "all of the command on one line: to a shell it is a comment");
            advance();
            advance();
            return;
        }
        begin_word();
        take();
        if (at_ == script_.size()) fail("'\\' at the end of the file", "a character after it");
        check_character(script_[at_]);
        word_.text += script_[at_];
        take();
    }

    void quote(char mark) {
        begin_word();
        const Word start = word_;
        take();
        while (at_ < script_.size() && script_[at_] != mark) {
            if (mark == '"') escape_in_quotes();
            check_character(script_[at_]);
            word_.text += script_[at_];
            take();
        }
        if (at_ == script_.size()) {
            throw Error(file_, start.line, start.column,
                        found_expected("an open quote", std::string("a closing ") + mark));
        }
        take();
    }

    /// Inside double quotes a backslash escapes only $ ` " and itself (2.2.3).
    void escape_in_quotes() {
        const char c = script_[at_];
        if (c == '$' || c == '`') fail(in_quotes(std::string_view(&c, 1)), "plain text: shell syntax is not run");
        if (c != '\\' || at_ + 1 >= script_.size()) return;
        if (std::string_view("$`\"\\").find(script_[at_ + 1]) != std::string_view::npos) take();
    }

    void check_character(char c) const {
        if (c == '\r') fail("a carriage return", "Unix line ends");
        if (c == '\n') fail("a line end inside quotes", "the closing quote");
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t') fail(in_quotes(std::string_view(&c, 1)), "text");
    }

    [[noreturn]] void fail(const std::string& found, const std::string& expected) const {
        throw Error(file_, row_, column_, found_expected(found, expected));
    }

    void begin_word() {
        if (in_word_) return;
        in_word_ = true;
        word_ = Word{"", row_, column_};
        if (line_.words.empty()) {
            line_.line = row_;
            line_.text.clear();
        }
    }

    void end_word() {
        if (in_word_) line_.words.push_back(std::move(word_));
        in_word_ = false;
    }

    void end_line() {
        end_word();
        if (!line_.words.empty()) {
            while (line_.text.back() == ' ' || line_.text.back() == '\t') line_.text.pop_back();
            lines_.push_back(std::move(line_));
        }
        line_ = {};
    }

    /// Goes on by one character, which belongs to the command's text.
    void take() {
        line_.text += script_[at_];
        advance();
    }

    void advance() {
        if (script_[at_] == '\n') {
            ++row_;
            column_ = 0;
        }
        ++at_;
        ++column_;
    }

    const std::string& file_;
    std::string_view script_;
    std::size_t at_ = 0;
    unsigned row_ = 1;
    unsigned column_ = 1;
    bool in_word_ = false;
    Word word_;
    Line line_;
    std::vector<Line> lines_;
};

}  // namespace

std::vector<Line> split_script(const std::string& file, std::string_view script) { return Lexer(file, script).run(); }

}  // namespace turnpike::config
