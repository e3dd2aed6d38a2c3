// SPDX-License-Identifier: Apache-2.0
// ethtool -C NAME rx-usecs N, -G NAME rx N tx N, -K NAME FEATURE off …, -A NAME FEATURE off … (ethtool(8)).
#include <algorithm>
#include <span>

#include "config/commands.h"

namespace turnpike::config {
namespace {

using regs::config::Ethtool;

constexpr std::string_view kActions =
    "-C NAME rx-usecs N, -G NAME rx N tx N, -K NAME FEATURE off or -A NAME FEATURE off";
// Limits of Linux's driver (drivers/net/ethernet/intel/ixgbe/ixgbe.h: IXGBE_MIN_RXD, IXGBE_MAX_RXD, IXGBE_MAX_EITR /
// 4).
constexpr std::uint64_t kLeastRing = 64, kMostRing = 4096, kMostUsecs = 1022;

void set_coalesce(Words& words, Ethtool& message) {
    do {
        if (!words.take("rx-usecs")) words.unsupported(words.next("rx-usecs N"), "rx-usecs N");
        message.rx_usecs = static_cast<std::uint32_t>(words.number("microseconds", 0, kMostUsecs));
        message.change |= regs::config::ETHTOOL_RX_USECS;
    } while (!words.done());
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
void check_off(Words& words, std::span<const std::string_view> features, std::string_view expected) {
    do {
        const Word& feature = words.next(expected);
        if (std::find(features.begin(), features.end(), feature.text) == features.end()) {
            words.unsupported(feature, expected);
        }
        if (words.done()) words.next("off");
        const Word& value = words.peek();
        if (words.on_off()) words.unsupported(value, "off: the firmware's driver has no such thing");
    } while (!words.done());
}

void set_features(Words& words, Ethtool&) {
    constexpr std::string_view kFeatures[] = {"rx",
                                              "rx-checksumming",
                                              "tx",
                                              "tx-checksumming",
                                              "sg",
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
    check_off(words, kFeatures, "rx, tx, sg, tso, ufo, gso, gro, lro, rxvlan, txvlan, ntuple or rxhash");
}

void set_pause(Words& words, Ethtool&) {
    constexpr std::string_view kPause[] = {"autoneg", "rx", "tx"};
    check_off(words, kPause, "autoneg, rx or tx");
}

struct Action {
    std::string_view letter;
    std::string_view name;
    std::string_view other_name;
    void (*parse)(Words&, Ethtool&);
};

constexpr Action kTable[] = {{"-C", "--coalesce", "--coalesce", set_coalesce},
                             {"-G", "--set-ring", "--set-ring", set_rings},
                             {"-K", "--features", "--offload", set_features},
                             {"-A", "--pause", "--pause", set_pause}};

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
