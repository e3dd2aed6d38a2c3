// SPDX-License-Identifier: Apache-2.0
// ethtool -C, -G, -L, -K, -N and -A (ethtool(8)).
#include <algorithm>
#include <span>

#include "config/commands.h"

namespace turnpike::config {
namespace {

using regs::config::Ethtool;

constexpr std::string_view kActions =
    "-C NAME rx-usecs N tx-usecs N, -G NAME rx N tx N, -L NAME combined N, -K NAME FEATURE on|off, "
    "-N NAME rx-flow-hash udp4 sd|sdfn or -A NAME FEATURE off";
// Limits of Linux's driver (drivers/net/ethernet/intel/ixgbe/ixgbe.h: IXGBE_MIN_RXD, IXGBE_MAX_RXD, IXGBE_MAX_EITR /
// 4, IXGBE_MAX_RSS_INDICES).
constexpr std::uint64_t kLeastRing = 64, kMostRing = 4096, kMostUsecs = 1022, kMostQueues = 16;

void end(Words& words) {
    if (!words.done()) words.fail(words.peek(), "the end of the command");
}

void set_coalesce(Words& words, Ethtool& message) {
    do {
        const bool rx = words.take("rx-usecs");
        if (!rx && !words.take("tx-usecs"))
            words.unsupported(words.next("rx-usecs N or tx-usecs N"), "rx-usecs N or tx-usecs N");
        (rx ? message.rx_usecs : message.tx_usecs) =
            static_cast<std::uint32_t>(words.number("microseconds", 0, kMostUsecs));
        message.change |= rx ? regs::config::ETHTOOL_RX_USECS : regs::config::ETHTOOL_TX_USECS;
    } while (!words.done());
}

void set_channels(Words& words, Ethtool& message) {
    if (!words.take("combined")) words.unsupported(words.next("combined N"), "combined N");
    message.combined = static_cast<std::uint32_t>(words.number("queues", 1, kMostQueues));
    message.change |= regs::config::ETHTOOL_COMBINED;
    end(words);
}

/// By what RSS tells flows apart: s and d are the addresses, f and n the ports. Of TCP they always count.
void set_flow_hash(Words& words, Ethtool& message) {
    if (!words.take("rx-flow-hash")) words.unsupported(words.next("rx-flow-hash udp4 sd|sdfn"), "rx-flow-hash");
    if (!words.take("udp4")) words.unsupported(words.next("udp4"), "udp4");
    const bool ports = words.take("sdfn");
    if (!ports && !words.take("sd")) words.unsupported(words.next("sd or sdfn"), "sd or sdfn");
    message.udp_ports = ports ? 1 : 0;
    message.change |= regs::config::ETHTOOL_UDP_PORTS;
    end(words);
}

void set_rings(Words& words, Ethtool& message) {
    do {
        const bool rx = words.take("rx");
        if (!rx && !words.take("tx")) words.unsupported(words.next("rx N or tx N"), "rx N or tx N");
        (rx ? message.rx_pending : message.tx_pending) =
            static_cast<std::uint32_t>(words.number("descriptors", kLeastRing, kMostRing));
        message.change |= rx ? regs::config::ETHTOOL_RX_PENDING : regs::config::ETHTOOL_TX_PENDING;
    } while (!words.done());
}

/// What the firmware's driver does not do: it may be switched off, which changes nothing.
void take_off(Words& words) {
    if (words.done()) words.next("off");
    const Word& value = words.peek();
    if (words.on_off()) words.unsupported(value, "off: the firmware's driver has no such thing");
}

bool is_one_of(std::string_view text, std::span<const std::string_view> names) {
    return std::find(names.begin(), names.end(), text) != names.end();
}

struct Feature {
    std::string_view name;
    std::string_view long_name;
    std::uint32_t bit;
};
constexpr Feature kFeatures[] = {{"rx", "rx-checksumming", regs::config::ETHTOOL_F_RX_CHECKSUM},
                                 {"tx", "tx-checksumming", regs::config::ETHTOOL_F_TX_CHECKSUM}};

void set_features(Words& words, Ethtool& message) {
    constexpr std::string_view kMissing[] = {"sg",
                                             "scatter-gather",
                                             "tso",
                                             "tcp-segmentation-offload",
                                             "ufo",
                                             "gso",
                                             "generic-segmentation-offload",
                                             "gro",
                                             "generic-receive-offload",
                                             "lro",
                                             "large-receive-offload",
                                             "rxvlan",
                                             "rx-vlan-offload",
                                             "txvlan",
                                             "tx-vlan-offload",
                                             "ntuple",
                                             "ntuple-filters",
                                             "rxhash",
                                             "receive-hashing"};
    constexpr std::string_view kExpected = "rx, tx, sg, tso, ufo, gso, gro, lro, rxvlan, txvlan, ntuple or rxhash";
    do {
        const Word& word = words.next(kExpected);
        const auto* feature = std::find_if(std::begin(kFeatures), std::end(kFeatures), [&](const Feature& f) {
            return f.name == word.text || f.long_name == word.text;
        });
        if (feature != std::end(kFeatures)) {
            if (words.done()) words.next("on or off");
            message.features_change |= feature->bit;
            message.features = words.on_off() ? message.features | feature->bit : message.features & ~feature->bit;
            continue;
        }
        if (!is_one_of(word.text, kMissing)) words.unsupported(word, kExpected);
        take_off(words);
    } while (!words.done());
}

void set_pause(Words& words, Ethtool&) {
    constexpr std::string_view kPause[] = {"autoneg", "rx", "tx"};
    do {
        const Word& word = words.next("autoneg, rx or tx");
        if (!is_one_of(word.text, kPause)) words.unsupported(word, "autoneg, rx or tx");
        take_off(words);
    } while (!words.done());
}

struct Action {
    std::string_view letter;
    std::string_view name;
    std::string_view other_name;
    void (*parse)(Words&, Ethtool&);
};

constexpr Action kTable[] = {
    {"-C", "--coalesce", "--coalesce", set_coalesce},         {"-G", "--set-ring", "--set-ring", set_rings},
    {"-L", "--set-channels", "--set-channels", set_channels}, {"-K", "--features", "--offload", set_features},
    {"-N", "--config-nfc", "--config-ntuple", set_flow_hash}, {"-A", "--pause", "--pause", set_pause}};

}  // namespace

Message parse_ethtool(Words& words) {
    const Word& word = words.next(kActions);
    for (const Action& action : kTable) {
        if (word.text != action.letter && word.text != action.name && word.text != action.other_name) continue;
        Ethtool message;
        message.ifindex = words.interface();
        action.parse(words, message);
        return encode(message);
    }
    words.unsupported(word, kActions);
}

}  // namespace turnpike::config
