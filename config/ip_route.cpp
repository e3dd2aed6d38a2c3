// SPDX-License-Identifier: Apache-2.0
// ip route { add | change | replace | prepend | append | delete | flush } … (iproute2 ip/iproute.c).
#include "config/commands.h"
#include "config/ip_route_arguments.h"
#include "config/rt_names.h"

namespace turnpike::config {
namespace {

namespace rt = regs::config;

constexpr std::string_view kActions = "add, del, replace, change, append, prepend, flush, show or get";

std::uint8_t type_of(const RouteArguments& arguments) { return arguments.type.value_or(rt::RTN_UNICAST); }

/// Where iproute2 puts a route that names no table (iproute_modify).
std::uint32_t table_of(const RouteArguments& arguments) {
    switch (type_of(arguments)) {
        case rt::RTN_LOCAL:
        case rt::RTN_BROADCAST:
        case rt::RTN_NAT:
        case rt::RTN_ANYCAST:
            return arguments.table.value_or(rt::RT_TABLE_LOCAL);
        default:
            return arguments.table.value_or(rt::RT_TABLE_MAIN);
    }
}

/// The scope of a type by itself (iproute_modify); `unicast` for that type and for those without next hop, where it
/// depends on what is asked.
std::uint8_t scope_of(const RouteArguments& arguments, std::uint8_t unicast, std::uint8_t other) {
    if (arguments.scope) return *arguments.scope;
    switch (type_of(arguments)) {
        case rt::RTN_LOCAL:
        case rt::RTN_NAT:
            return rt::RT_SCOPE_HOST;
        case rt::RTN_BROADCAST:
        case rt::RTN_MULTICAST:
        case rt::RTN_ANYCAST:
            return rt::RT_SCOPE_LINK;
        case rt::RTN_UNICAST:
            return unicast;
        default:
            return other;
    }
}

/// What RouteAdd and RouteDel have in common.
template <typename Message>
void copy_nexthops(const RouteArguments& arguments, Message& message) {
    message.nexthops = static_cast<std::uint8_t>(arguments.nexthops.size());
    for (std::size_t i = 0; i < arguments.nexthops.size(); ++i) {
        message.nh_gateway[i] = arguments.nexthops[i].gateway;
        message.nh_oif[i] = arguments.nexthops[i].oif;
    }
}

template <typename Message>
Message common(const RouteArguments& arguments) {
    Message message;
    message.destination = arguments.destination->address;
    message.prefixlen = arguments.destination->length;
    message.gateway = arguments.gateway.value_or(0);
    message.oif = arguments.oif;
    message.prefsrc = arguments.prefsrc;
    message.metric = arguments.metric;
    message.table = table_of(arguments);
    message.tos = arguments.tos;
    message.mtu = arguments.mtu;
    message.nhid = arguments.nhid;
    copy_nexthops(arguments, message);
    return message;
}

enum class Add { create, change, replace, prepend, append };

Message add(const RouteArguments& arguments, Add mode) {
    const bool gateway = arguments.gateway || !arguments.nexthops.empty() || arguments.nhid != 0;
    auto message = common<rt::RouteAdd>(arguments);
    message.type = type_of(arguments);
    message.scope = scope_of(arguments, gateway ? rt::RT_SCOPE_UNIVERSE : rt::RT_SCOPE_LINK, rt::RT_SCOPE_UNIVERSE);
    message.protocol = arguments.protocol.value_or(rt::RTPROT_BOOT);
    message.replace = mode == Add::replace || mode == Add::change ? 1 : 0;
    message.change = mode == Add::change ? 1 : 0;
    message.prepend = mode == Add::prepend ? 1 : 0;
    message.append = mode == Add::append ? 1 : 0;
    message.onlink = arguments.onlink ? 1 : 0;
    message.mtu_locked = arguments.mtu_locked ? 1 : 0;
    message.hoplimit = arguments.hoplimit;
    for (std::size_t i = 0; i < arguments.nexthops.size(); ++i) {
        message.nh_weight[i] = static_cast<std::uint8_t>(arguments.nexthops[i].weight.value_or(1) - 1);
        message.nh_onlink[i] = arguments.nexthops[i].onlink ? 1 : 0;
    }
    return encode(message);
}

Message remove(const RouteArguments& arguments) {
    auto message = common<rt::RouteDel>(arguments);
    message.type = arguments.type.value_or(0);
    message.scope = scope_of(arguments, rt::RT_SCOPE_NOWHERE, rt::RT_SCOPE_NOWHERE);
    message.protocol = arguments.protocol.value_or(0);
    for (std::size_t i = 0; i < arguments.nexthops.size(); ++i) {
        message.nh_weight[i] = static_cast<std::uint8_t>(arguments.nexthops[i].weight.value_or(1) - 1);
    }
    return encode(message);
}

}  // namespace

Message parse_ip_route(Words& words) {
    if (words.take_prefix("add")) return add(parse_route_arguments(words), Add::create);
    if (words.take_prefix("change") || words.take("chg")) return add(parse_route_arguments(words), Add::change);
    if (words.take_prefix("replace")) return add(parse_route_arguments(words), Add::replace);
    if (words.take_prefix("prepend")) return add(parse_route_arguments(words), Add::prepend);
    if (words.take_prefix("append")) return add(parse_route_arguments(words), Add::append);
    if (words.take_prefix("delete")) return remove(parse_route_arguments(words));
    if (words.take_prefix("flush")) return parse_route_flush(words);
    words.unsupported(words.next(kActions), kActions);
}

}  // namespace turnpike::config
