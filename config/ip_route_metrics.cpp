// SPDX-License-Identifier: Apache-2.0
#include "config/ip_route_metrics.h"

#include <algorithm>

#include "config/address.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

constexpr std::uint64_t kMost32 = 0xFFFFFFFF, kMostRealm = 0xFFFF;
constexpr std::string_view kUnits[] = {"", "s", "sec", "secs", "ms", "msec", "msecs"};

void skip_one_of(Words& words, std::initializer_list<std::string_view> names, std::string_view expected) {
    const Word& word = words.next(expected);
    if (std::find(names.begin(), names.end(), word.text) == names.end()) words.fail(word, expected);
}

}  // namespace

void skip_metric(Words& words) {
    words.take("lock");
    words.number("a number", 0, kMost32);
}

void skip_time(Words& words) {
    constexpr std::string_view kExpected = "a time, N, Ns or Nms";
    words.take("lock");
    const Word& word = words.next(kExpected);
    const std::size_t digits = std::min(word.text.find_first_not_of("0123456789."), word.text.size());
    const std::string_view unit = std::string_view(word.text).substr(digits);
    if (digits == 0 || std::find(std::begin(kUnits), std::end(kUnits), unit) == std::end(kUnits)) {
        words.fail(word, kExpected);
    }
}

void skip_switch(Words& words) { words.number("0 or 1", 0, 1); }

void skip_congestion_control(Words& words) {
    constexpr std::string_view kExpected = "a congestion control, reno, cubic or bbr";
    words.take("lock");
    const Word& word = words.next(kExpected);
    if (!is_congestion_control(word.text)) words.fail(word, kExpected);
}

void skip_features(Words& words) {
    if (!words.take("ecn")) words.fail(words.next("ecn"), "ecn");
}

void skip_realms(Words& words) {
    constexpr std::string_view kExpected = "a realm, N or N/N";
    const Word& word = words.next(kExpected);
    const std::size_t slash = std::min(word.text.find('/'), word.text.size());
    const auto first = parse_number(std::string_view(word.text).substr(0, slash));
    const auto second = slash == word.text.size() ? first : parse_number(std::string_view(word.text).substr(slash + 1));
    if (!first || !second || *first > kMostRealm || *second > kMostRealm) words.fail(word, kExpected);
}

void skip_new_destination(Words& words) {
    words.take("to");
    words.address("an address");
}

void skip_preference(Words& words) { skip_one_of(words, {"low", "medium", "high"}, "low, medium or high"); }

void skip_ttl_propagation(Words& words) { skip_one_of(words, {"enabled", "disabled"}, "enabled or disabled"); }

}  // namespace turnpike::config
