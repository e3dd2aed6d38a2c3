// SPDX-License-Identifier: Apache-2.0
// A wrong line names itself, what was found and what was expected.
#include <gtest/gtest.h>

#include <random>

#include "config/errno_text.h"
#include "tests/config/message_bytes.h"

namespace turnpike::config {
namespace {

TEST(RouterScript, LinesAndTextsAreThoseOfTheFile) {
    const auto commands = parse("# first\nip link set eth0 up   # why\n\n  sysctl -w net.ipv4.ip_forward=1\n");
    ASSERT_EQ(commands.size(), 2u);
    EXPECT_EQ(commands[0].line, 2u);
    EXPECT_EQ(commands[0].text, "ip link set eth0 up");
    EXPECT_EQ(commands[1].line, 4u);
    EXPECT_EQ(commands[1].file, "router.sh");
}

TEST(RouterScript, ToolsOfLaterVersionsAreNamedAsSuch) {
    EXPECT_EQ(error_of("iptables -A FORWARD -j DROP"),
              "router.sh:1:1: not supported by this version: found 'iptables', expected ip "
              "link|addr|route|rule|neigh|nexthop|mroute, "
              "sysctl -w, echo VALUE > /proc/sys/… or ethtool");
    EXPECT_EQ(error_of("ip link set eth0 up\nip tunnel add x"),
              "router.sh:2:4: not supported by this version: found 'tunnel', expected ip "
              "link|addr|route|rule|neigh|nexthop|mroute, "
              "sysctl -w, echo VALUE > /proc/sys/… or ethtool");
    EXPECT_EQ(error_of("ip -6 addr add ::1/64 dev eth0"),
              "router.sh:1:4: not supported by this version: found '-6', expected ip or ip -4");
    EXPECT_EQ(error_of("ip"),
              "router.sh:1: found the end of the command, expected ip link|addr|route|rule|neigh|nexthop|mroute, "
              "sysctl -w, echo VALUE > /proc/sys/… or ethtool");
}

TEST(RouterScript, UnknownDevicesAreLinuxsWords) {
    const std::string expected = "Cannot find device \"eth9\", expected lo, eth0 or eth1";
    EXPECT_EQ(error_of("ip link set eth9 up"), "router.sh:1:13: " + expected);
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 dev eth9"), "router.sh:1:29: " + expected);
    EXPECT_EQ(error_of("ip route add default dev eth9"), "router.sh:1:26: " + expected);
    EXPECT_EQ(error_of("ip neigh del 10.0.0.1 dev eth9"), "router.sh:1:27: " + expected);
}

TEST(RouterScript, WrongAddresses) {
    const std::string address = ", an IPv4 address with /LENGTH from 0 to 32";
    for (const char* text : {"10.0.0.1/33", "10.0.0.300/24", "1.2.3.4.5", "10.0.0.1/255.0.255.0", "x", "", "10./8",
                             "10.0.0.1/", "0x/8", "-1.0.0.0"}) {
        EXPECT_EQ(error_of(std::string("ip addr add '") + text + "' dev eth0"),
                  std::string("router.sh:1:13: found '") + text + "', expected an address" + address);
    }
    EXPECT_EQ(error_of("ip route add foo via 10.0.0.1"),
              "router.sh:1:14: found 'foo', expected a destination: default, ADDRESS or ADDRESS/LENGTH, or unicast, "
              "local, broadcast, multicast, anycast, blackhole, unreachable, prohibit, throw or nat before it");
    EXPECT_EQ(error_of("ip route add default via 10.0.0.1/24"),
              "router.sh:1:26: found '10.0.0.1/24', expected a gateway, an IPv4 address");
    for (const char* text :
         {"02:00:00:00:00", "02:00:00:00:00:00:01", "02:00:00:00:00:0g", "002:0:0:0:0:1", "::::::"}) {
        EXPECT_EQ(error_of(std::string("ip neigh add 10.0.0.2 dev eth0 lladdr ") + text),
                  std::string("router.sh:1:39: found '") + text +
                      "', expected a MAC address of six bytes, as 02:00:00:00:00:01");
    }
}

TEST(RouterScript, WordsThatIproute2HasElsewhereAlone) {
    const std::string scopes = "expected global, site, link, host, nowhere or a number from 0 to 255";
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 dev eth0 scope universe"),
              "router.sh:1:40: found 'universe', " + scopes);
    EXPECT_EQ(error_of("ip route add default dev eth0 scope universe"), "router.sh:1:37: found 'universe', " + scopes);
    for (const std::string any : {"default", "any", "all"}) {
        EXPECT_EQ(error_of("ip addr add " + any + " dev eth0"),
                  "router.sh:1:13: found '" + any + "', expected an address");
    }
    EXPECT_EQ(error_of("ip route add thr 10.0.0.0/8").find("router.sh:1:14: found 'thr', expected a destination"), 0u);
    EXPECT_EQ(error_of("ip route add 6 10.0.0.0/8").find("router.sh:1:16: found '10.0.0.0/8', expected via"), 0u);
    EXPECT_EQ(error_of("ip addr add 10.0.0.7/24 dev eth0 autojoin"),
              "router.sh:1: autojoin needs multicast address, expected one from 224.0.0.0 to 239.255.255.255");
}

TEST(RouterScript, MissingParts) {
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24"), "router.sh:1: \"dev\" argument is required, expected dev NAME");
    EXPECT_EQ(error_of("ip addr add dev eth0"),
              "router.sh:1: found no address, expected ip addr add|del PREFIX dev NAME");
    EXPECT_EQ(error_of("ip link set up"), "router.sh:1: found no device, expected ip link set NAME …");
    EXPECT_EQ(error_of("ip link set eth0"),
              "router.sh:1: found the end of the command, expected up, down, mtu N, address MAC, txqueuelen N, "
              "alias TEXT, arp on|off, promisc on|off, allmulticast on|off or multicast on|off");
    EXPECT_EQ(error_of("ip route add"), "router.sh:1: found no destination, expected ip route add PREFIX …");
    EXPECT_EQ(error_of("ip route add default via"),
              "router.sh:1: found the end of the command, expected a gateway, an IPv4 address");
    EXPECT_EQ(error_of("ip neigh add 10.0.0.2 lladdr 2:0:0:0:0:1"),
              "router.sh:1: Device and destination are required arguments, expected ADDRESS lladdr MAC dev NAME");
    EXPECT_EQ(error_of("ip neigh add 10.0.0.2 10.0.0.3 dev eth0"),
              "router.sh:1:23: found '10.0.0.3', expected lladdr MAC, dev NAME, nud STATE or proxy ADDRESS");
    EXPECT_EQ(error_of("ip neigh add 10.0.0.2 dev eth0"),
              "router.sh:1: No link layer address given, expected lladdr MAC");
}

TEST(RouterScript, WordsTooMany) {
    const std::string route =
        "via ADDRESS, dev NAME, nhid N, src ADDRESS, metric N, table N, scope SCOPE, proto NAME, tos N, mtu [lock] N, "
        "hoplimit N, onlink or nexthop …";
    EXPECT_EQ(error_of("ip route add default via 10.0.0.2 foo"), "router.sh:1:35: found 'foo', expected " + route);
    EXPECT_EQ(error_of("ip route add default encap 1"),
              "router.sh:1:22: not supported by this version: found 'encap', expected " + route);
    EXPECT_EQ(error_of("ip route add default via 10.0.0.2 via 10.0.0.3"),
              "router.sh:1:39: found '10.0.0.3', expected one gateway: several are written with nexthop");
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 eth0"),
              "router.sh:1:25: found 'eth0', expected dev NAME, broadcast ADDRESS|+|-, peer PREFIX, scope SCOPE, label "
              "NAME, metric N, valid_lft SECONDS, preferred_lft SECONDS, noprefixroute or autojoin");
    EXPECT_EQ(error_of("ip neigh add 10.0.0.2 eth0"),
              "router.sh:1:23: found 'eth0', expected lladdr MAC, dev NAME, nud STATE or proxy ADDRESS");
    EXPECT_EQ(error_of("ip link set eth0 master br0"),
              "router.sh:1:18: not supported by this version: found 'master', expected up, down, mtu N, address MAC, "
              "txqueuelen N, alias TEXT, arp on|off, promisc on|off, allmulticast on|off or multicast on|off");
    EXPECT_EQ(error_of("ip link set eth0 up eth1"),
              "router.sh:1:21: found 'eth1', expected up, down, mtu N, address MAC, txqueuelen N, alias TEXT, arp "
              "on|off, promisc "
              "on|off, allmulticast on|off or multicast on|off");
    EXPECT_EQ(error_of("ip link set eth0 up dev eth1"),
              "router.sh:1:25: found 'eth1', expected up, down, mtu N, address MAC, txqueuelen N, alias TEXT, arp "
              "on|off, promisc "
              "on|off, allmulticast on|off or multicast on|off");
}

TEST(RouterScript, NextHops) {
    const std::string options = "via ADDRESS, dev NAME, weight N or onlink";
    EXPECT_EQ(error_of("ip route add default nexthop"),
              "router.sh:1: found the end of the command, expected " + options);
    EXPECT_EQ(error_of("ip route add default nexthop via 10.0.0.2 foo"),
              "router.sh:1:43: found 'foo', expected " + options + ", nexthop or the end of the command");
    EXPECT_EQ(error_of("ip route add default nexthop via 10.0.0.2 weight 0"),
              "router.sh:1:50: found '0', expected a weight from 1 to 256");
    EXPECT_EQ(error_of("ip route add default nexthop via 10.0.0.2 weight 257"),
              "router.sh:1:50: found '257', expected a weight from 1 to 256");
    EXPECT_EQ(error_of("ip route add default nexthop via 10.0.0.2 encap mpls"),
              "router.sh:1:43: not supported by this version: found 'encap', expected " + options);
    std::string many = "ip route add default";
    for (unsigned i = 0; i < 17; ++i) many += " nexthop via 10.0.0.2";
    EXPECT_EQ(error_of(many), "router.sh:1: found more next hops, expected 16 at most");
}

TEST(RouterScript, ValuesOutOfRange) {
    EXPECT_EQ(error_of("ip link set eth0 mtu 0"), "router.sh:1:22: found '0', expected an MTU from 68 to 9702");
    EXPECT_EQ(error_of("ip link set eth0 mtu abc"), "router.sh:1:22: found 'abc', expected an MTU from 68 to 9702");
    EXPECT_EQ(error_of("ip link set eth0 promisc maybe"), "router.sh:1:26: found 'maybe', expected on or off");
    EXPECT_EQ(error_of("ip route add default dev eth0 metric 4294967296"),
              "router.sh:1:38: found '4294967296', expected a metric from 0 to 4294967295");
    EXPECT_EQ(error_of("ip route add default dev eth0 scope 256"),
              "router.sh:1:37: found '256', expected global, site, link, host, nowhere or a number from 0 to 255");
    EXPECT_EQ(error_of("ip route add default dev eth0 proto me"),
              "router.sh:1:37: found 'me', expected kernel, boot, static, another protocol name of iproute2 or a "
              "number");
    for (const char* state : {"3", "0x100", "foo", "stal"}) {
        EXPECT_EQ(error_of(std::string("ip neigh add 10.0.0.2 lladdr 2:0:0:0:0:1 dev eth0 nud ") + state),
                  std::string("router.sh:1:55: found '") + state +
                      "', expected permanent, reachable, noarp, none, stale, incomplete, delay, probe, failed or one "
                      "bit of these");
    }
    EXPECT_EQ(error_of("ip addr add 10.0.0.1/24 dev eth0 label eth0:12345678901"),
              "router.sh:1:40: found 'eth0:12345678901', expected a label of at most 15 characters");
}

TEST(RouterScript, OtherActions) {
    EXPECT_EQ(error_of("ip link delete eth0"),
              "router.sh:1:9: not supported by this version: found 'delete', expected set or show");
    EXPECT_EQ(
        error_of("ip route save"),
        "router.sh:1:10: not supported by this version: found 'save', expected add, del, replace, change, append, "
        "prepend, flush, show or get");
    EXPECT_EQ(error_of("ip neigh help"),
              "router.sh:1:10: not supported by this version: found 'help', expected add, del, replace, change, "
              "flush, show or get");
}

TEST(RouterScript, Flushes) {
    const std::string routes =
        "PREFIX, root PREFIX, match PREFIX, exact PREFIX, table N, dev NAME, proto NAME, type TYPE or cache";
    EXPECT_EQ(error_of("ip route flush"), "router.sh:1: found the end of the command, expected " + routes);
    EXPECT_EQ(error_of("ip route flush foo"),
              "router.sh:1:16: found 'foo', expected a destination, an IPv4 address with /LENGTH from 0 to 32");
    EXPECT_EQ(error_of("ip route flush root 10/8 match 10.1.1.1"),
              "router.sh:1:32: not supported by this version: found '10.1.1.1', expected one prefix");
    EXPECT_EQ(error_of("ip route flush type foo"),
              "router.sh:1:21: found 'foo', expected a type of routes, as unicast or blackhole");
    EXPECT_EQ(error_of("ip route flush scope link"),
              "router.sh:1:16: not supported by this version: found 'scope', expected " + routes);
    EXPECT_EQ(error_of("ip neigh flush"), "router.sh:1: found the end of the command, expected dev NAME or all");
    EXPECT_EQ(error_of("ip neigh flush nud stale"),
              "router.sh:1:16: not supported by this version: found 'nud', expected dev NAME or all");
    EXPECT_EQ(error_of("ip neigh flush dev eth0 nud stale"),
              "router.sh:1:25: not supported by this version: found 'nud', expected the end of the command");
    EXPECT_EQ(error_of("ip addr flush"), "router.sh:1: found the end of the command, expected dev NAME alone");
    EXPECT_EQ(error_of("ip addr flush scope link"),
              "router.sh:1:15: not supported by this version: found 'scope', expected dev NAME alone");
    EXPECT_EQ(error_of("ip addr flush dev eth0 scope link"),
              "router.sh:1:24: not supported by this version: found 'scope', expected the end of the command");
}

TEST(RouterScript, ARefusedCommandIsToldInLinuxsWords) {
    const Command route{"d/router.sh", 7, "ip route add default via 10.0.0.2", {}, 0};
    EXPECT_STREQ(refused(route, -17).what(),
                 "d/router.sh:7: 'ip route add default via 10.0.0.2': RTNETLINK answers: File exists");
    const Command sysctl{"d/router.sh", 8, "sysctl -w net.ipv4.ip_forward=1", {}, 0};
    EXPECT_STREQ(refused(sysctl, -22).what(),
                 "d/router.sh:8: 'sysctl -w net.ipv4.ip_forward=1': sysctl: Invalid argument");
    const Command echo{"d/router.sh", 9, "echo 1 > /proc/sys/net/ipv4/ip_forward", {}, 0};
    EXPECT_STREQ(refused(echo, -22).what(),
                 "d/router.sh:9: 'echo 1 > /proc/sys/net/ipv4/ip_forward': write error: Invalid argument");
    const Command ethtool{"d/router.sh", 10, "ethtool -G eth0 rx 64", {}, 0};
    EXPECT_STREQ(refused(ethtool, -95).what(),
                 "d/router.sh:10: 'ethtool -G eth0 rx 64': netlink error: Operation not supported");
}

TEST(RouterScript, ChangesDuringTheRunAreInTheOrderOfTheirTimes) {
    const RouterScript script = parse_router_script("r",
                                                    "#at 2ms ip link set eth0 down\nip link set eth0 up\n#at 1ms ip "
                                                    "link set eth0 mtu 1400\n#at 2ms ip rule flush\n",
                                                    {"eth0"});
    ASSERT_EQ(script.commands.size(), 1u);
    ASSERT_EQ(script.changes.size(), 3u);
    EXPECT_EQ(script.changes[0].text, "ip link set eth0 mtu 1400");
    EXPECT_EQ(script.changes[0].at_ns, 1'000'000u);
    EXPECT_EQ(script.changes[1].text, "ip link set eth0 down");
    EXPECT_EQ(script.changes[1].line, 1u);
    EXPECT_EQ(script.changes[2].text, "ip rule flush");
    EXPECT_EQ(error_of("#at 5ms ip foo").find("router.sh:1:12: not supported by this version: found 'foo'"), 0u);
}

TEST(ErrnoText, IsThatOfTheCLibrary) {
    // glibc 2.36, errno(3)
    EXPECT_EQ(errno_text(-17), "File exists");
    EXPECT_EQ(errno_text(101), "Network is unreachable");
    EXPECT_EQ(errno_text(-3), "No such process");
    EXPECT_EQ(errno_text(-99), "Cannot assign requested address");
    EXPECT_EQ(errno_text(-4000), "Unknown error 4000");
}

/// Any text ends in commands or in an Error, never in anything else.
TEST(RouterScript, MutatedLinesAreParsedOrRefused) {
    const std::vector<std::string> seeds = {
        "ip link set dev eth0 up mtu 1400 promisc on address 02:00:00:00:00:01\n",
        "ip addr add 10.0.0.1/255.255.255.0 broadcast + peer 10.0.0.9/30 dev eth0 scope link label eth0\n",
        "ip -4 route add unicast 192.168.0.0/24 via inet 10.0.1.2 dev eth1 src 10.0.1.1 metric 77 table 100 onlink\n",
        "ip neigh replace 10.0.0.2 lladdr 02:00:00:0a:00:02 dev eth0 nud permanent # comment\n",
        "sysctl -w net.ipv4.conf.eth1.forwarding=1 'net.ipv4.ip_default_ttl = 64' net/ipv4/ip_forward=1\n",
        "ip route \\\n del \"172.16/12\" via 10.0.1.2\n"};
    const std::string alphabet = "ip addlinkroutesv0123456789./:=-+'\"\\# \t\n\r$;*x";
    std::mt19937 random(1);
    auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
    unsigned accepted = 0, refused_count = 0;
    for (unsigned round = 0; round < 20'000; ++round) {
        std::string text = seeds[below(seeds.size())];
        for (std::size_t edits = below(5); edits > 0; --edits) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
                case 0:
                    text.erase(at, 1 + below(8));
                    break;
                case 1:
                    text.insert(at, 1, alphabet[below(alphabet.size())]);
                    break;
                case 2:
                    text[at] = static_cast<char>(random());
                    break;
                default:
                    text.insert(at, seeds[below(seeds.size())].substr(below(20), below(30)));
            }
            if (text.empty()) text.push_back(' ');
        }
        try {
            for (const Command& command : parse(text)) EXPECT_FALSE(command.text.empty());
            ++accepted;
        } catch (const Error& error) {
            EXPECT_FALSE(error.message.empty());
            EXPECT_GT(error.line, 0u);
            ++refused_count;
        }
    }
    EXPECT_GT(accepted, 4'000u);
    EXPECT_GT(refused_count, 4'000u);
}

}  // namespace
}  // namespace turnpike::config
