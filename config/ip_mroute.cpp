// SPDX-License-Identifier: Apache-2.0
// ip mroute { add | delete } SOURCE GROUP iif NAME oif NAME[:TTL] …: static entries of multicast forwarding. iproute2
// only shows these, and leaves making them to a routing daemon; the grammar is this project's own.
#include "config/commands.h"

namespace turnpike::config {
namespace {

constexpr std::string_view kActions = "add, del or show";
constexpr std::string_view kAdd = "oif NAME or oif NAME:TTL";
constexpr std::uint8_t kDefaultTtl = 1;  // a packet whose TTL has run down leaves nowhere
constexpr std::uint64_t kMostTtl = 255;

struct Entry {
    std::uint32_t source = 0;
    std::uint32_t group = 0;
};

Entry parse_entry(Words& words) {
    Entry entry;
    entry.source = words.address("a source, 0.0.0.0 for any");
    if (words.done()) words.next("a group");
    const Word& word = words.peek();
    entry.group = words.address("a group");
    if (entry.group >> 28 != 0xE) words.fail(word, "a group, 224.0.0.0 to 239.255.255.255");
    return entry;
}

void parse_output(Words& words, regs::config::MrouteAdd& message) {
    const Word& word = words.next(words.interfaces().names());
    const std::size_t colon = word.text.rfind(':');
    const bool has_ttl = colon != std::string::npos && words.interfaces().index(word.text) == 0;
    const std::uint32_t index =
        words.interfaces().index(std::string_view(word.text).substr(0, has_ttl ? colon : word.text.size()));
    if (index == 0) words.fail(word, words.interfaces().names() + ", with :TTL or without");
    const auto ttl = has_ttl ? parse_decimal(std::string_view(word.text).substr(colon + 1)) : kDefaultTtl;
    if (!ttl || *ttl == 0 || *ttl > kMostTtl) words.fail(word, "a TTL from 1 to 255 behind the colon");
    message.ttl[index - 1] = static_cast<std::uint8_t>(*ttl);
}

Message add(Words& words) {
    const Entry entry = parse_entry(words);
    regs::config::MrouteAdd message;
    message.source = entry.source;
    message.group = entry.group;
    if (!words.take("iif")) words.fail(words.next("iif NAME"), "iif NAME");
    message.iif = words.interface();
    do {
        if (!words.take("oif")) words.fail(words.next(kAdd), kAdd);
        parse_output(words, message);
    } while (!words.done());
    return encode(message);
}

Message remove(Words& words) {
    const Entry entry = parse_entry(words);
    regs::config::MrouteDel message;
    message.source = entry.source;
    message.group = entry.group;
    if (words.take("iif")) message.iif = words.interface();
    if (!words.done()) words.fail(words.peek(), "iif NAME or the end of the command");
    return encode(message);
}

}  // namespace

Message parse_ip_mroute(Words& words) {
    if (words.take_prefix("add")) return add(words);
    if (words.take_prefix("delete")) return remove(words);
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
