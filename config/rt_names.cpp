// SPDX-License-Identifier: Apache-2.0
#include "config/rt_names.h"

#include <bit>
#include <span>

#include "config/option.h"
#include "regs/config.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;

constexpr std::uint64_t kMost8 = 0xFF, kMost32 = 0xFFFFFFFF;

struct Name {
    std::string_view text;
    std::uint8_t number;
};

std::optional<std::uint8_t> find(std::span<const Name> names, std::string_view text) {
    for (const Name& name : names) {
        if (name.text == text) return name.number;
    }
    return std::nullopt;
}

/// A name of the list, or a number.
std::uint8_t name_or_number(Words& words, std::span<const Name> names, std::string_view expected) {
    const Word& word = words.next(expected);
    if (const auto number = find(names, word.text)) return *number;
    const auto number = parse_number(word.text);
    if (!number || *number > kMost8) words.fail(word, expected);
    return static_cast<std::uint8_t>(*number);
}

constexpr Name kScopes[] = {{"global", rt::RT_SCOPE_UNIVERSE},
                            {"site", rt::RT_SCOPE_SITE},
                            {"link", rt::RT_SCOPE_LINK},
                            {"host", rt::RT_SCOPE_HOST},
                            {"nowhere", rt::RT_SCOPE_NOWHERE}};

constexpr Name kProtocols[] = {{"unspec", 0},
                               {"redirect", 1},
                               {"kernel", rt::RTPROT_KERNEL},
                               {"boot", rt::RTPROT_BOOT},
                               {"static", rt::RTPROT_STATIC},
                               {"gated", 8},
                               {"ra", 9},
                               {"mrt", 10},
                               {"zebra", 11},
                               {"bird", 12},
                               {"dnrouted", 13},
                               {"xorp", 14},
                               {"ntk", 15},
                               {"dhcp", 16},
                               {"keepalived", 18},
                               {"babel", 42},
                               {"openr", 99},
                               {"bgp", 186},
                               {"isis", 187},
                               {"ospf", 188},
                               {"rip", 189},
                               {"eigrp", 192}};

constexpr Name kDsfields[] = {
    {"default", 0x00}, {"AF11", 0x28}, {"AF12", 0x30}, {"AF13", 0x38}, {"AF21", 0x48}, {"AF22", 0x50}, {"AF23", 0x58},
    {"AF31", 0x68},    {"AF32", 0x70}, {"AF33", 0x78}, {"AF41", 0x88}, {"AF42", 0x90}, {"AF43", 0x98}, {"CS1", 0x20},
    {"CS2", 0x40},     {"CS3", 0x60},  {"CS4", 0x80},  {"CS5", 0xA0},  {"CS6", 0xC0},  {"CS7", 0xE0},  {"EF", 0xB8}};

// IANA's protocol numbers, by the names of Debian's /etc/protocols.
constexpr Name kIpProtocols[] = {{"icmp", 1}, {"igmp", 2}, {"tcp", 6},   {"udp", 17},   {"dccp", 33},    {"gre", 47},
                                 {"esp", 50}, {"ah", 51},  {"ospf", 89}, {"sctp", 132}, {"udplite", 136}};

}  // namespace

std::uint8_t parse_scope(Words& words) {
    return name_or_number(words, kScopes, "global, site, link, host, nowhere or a number from 0 to 255");
}

std::uint32_t parse_table(Words& words) {
    if (words.take("main")) return rt::RT_TABLE_MAIN;
    if (words.take("local")) return rt::RT_TABLE_LOCAL;
    if (words.take("default")) return rt::RT_TABLE_DEFAULT;
    if (words.take("unspec")) return 0;
    return static_cast<std::uint32_t>(words.number("main, local, default or a table number", 0, kMost32));
}

std::uint8_t parse_dsfield(Words& words) {
    constexpr std::string_view kExpected = "a TOS in hexadecimal from 0 to ff or a name as AF11, CS1 or EF";
    const Word& word = words.next(kExpected);
    if (const auto number = find(kDsfields, word.text)) return *number;
    const bool prefixed = word.text.starts_with("0x") || word.text.starts_with("0X");
    const auto number = parse_number(prefixed ? word.text : "0x" + word.text);
    if (!number || *number > kMost8) words.fail(word, kExpected);
    return static_cast<std::uint8_t>(*number);
}

std::uint8_t parse_route_protocol(Words& words) {
    return name_or_number(words, kProtocols, "kernel, boot, static, another protocol name of iproute2 or a number");
}

std::uint8_t parse_ip_protocol(Words& words) {
    constexpr std::string_view kExpected = "icmp, tcp, udp, another protocol name or a decimal number from 0 to 255";
    const Word& word = words.next(kExpected);
    if (const auto number = find(kIpProtocols, word.text)) return *number;
    const auto number = parse_decimal(word.text);
    if (!number || *number > kMost8) words.fail(word, kExpected);
    return static_cast<std::uint8_t>(*number);
}

std::uint16_t parse_neighbour_state(Words& words) {
    struct State {
        std::string_view text;
        Spelling spelling;
        std::uint16_t bit;
    };
    constexpr State kStates[] = {
        {"permanent", Spelling::prefix, rt::NUD_PERMANENT}, {"reachable", Spelling::prefix, rt::NUD_REACHABLE},
        {"noarp", Spelling::whole, rt::NUD_NOARP},          {"none", Spelling::whole, rt::NUD_NONE},
        {"stale", Spelling::whole, rt::NUD_STALE},          {"incomplete", Spelling::whole, rt::NUD_INCOMPLETE},
        {"delay", Spelling::whole, rt::NUD_DELAY},          {"probe", Spelling::whole, rt::NUD_PROBE},
        {"failed", Spelling::prefix, rt::NUD_FAILED}};
    constexpr std::string_view kExpected =
        "permanent, reachable, noarp, none, stale, incomplete, delay, probe, failed or one bit of these";
    for (const State& state : kStates) {
        if (state.spelling == Spelling::whole ? words.take(state.text) : words.take_prefix(state.text))
            return state.bit;
    }
    const Word& word = words.next(kExpected);
    const auto number = parse_number(word.text);
    if (!number || *number > kMost8 || std::popcount(*number) > 1) words.fail(word, kExpected);
    return static_cast<std::uint16_t>(*number);
}

bool is_congestion_control(std::string_view name) { return name == "reno" || name == "cubic" || name == "bbr"; }

std::optional<std::uint8_t> route_type(std::string_view name) {
    constexpr Name kWhole[] = {
        {"local", rt::RTN_LOCAL}, {"nat", rt::RTN_NAT}, {"brd", rt::RTN_BROADCAST}, {"throw", rt::RTN_THROW}};
    // In iproute2's order.
    constexpr Name kAbbreviated[] = {{"broadcast", rt::RTN_BROADCAST},     {"anycast", rt::RTN_ANYCAST},
                                     {"multicast", rt::RTN_MULTICAST},     {"prohibit", rt::RTN_PROHIBIT},
                                     {"unreachable", rt::RTN_UNREACHABLE}, {"blackhole", rt::RTN_BLACKHOLE},
                                     {"unicast", rt::RTN_UNICAST}};
    if (const auto type = find(kWhole, name)) return type;
    for (const Name& type : kAbbreviated) {
        if (!name.empty() && type.text.starts_with(name)) return type.number;
    }
    const auto number = parse_number(name);
    return number && *number <= kMost8 ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
}

}  // namespace turnpike::config
