// SPDX-License-Identifier: Apache-2.0
// What a router is before router.sh runs: Linux's defaults, written explicitly because a namespace inherits some of the
// machine's values, and those few that are not defaults so that answers do not depend on rate limits (docs/diff.md).
#pragma once
#include <array>
#include <string_view>

namespace turnpike::diff {

struct SysctlValue {
    std::string_view name;
    std::string_view value;
};

/// Those of conf.all and conf.default; ports copy conf.default when they are made. Order matters: ip_forward changes
/// accept_redirects.
inline constexpr std::array kRouterSysctls{
    SysctlValue{"net.ipv6.conf.all.disable_ipv6", "1"},
    SysctlValue{"net.ipv6.conf.default.disable_ipv6", "1"},
    SysctlValue{"net.ipv4.ip_forward", "0"},
    SysctlValue{"net.ipv4.ip_default_ttl", "64"},
    SysctlValue{"net.ipv4.ip_no_pmtu_disc", "0"},
    SysctlValue{"net.ipv4.ip_forward_use_pmtu", "0"},
    SysctlValue{"net.ipv4.ip_forward_update_priority", "1"},
    SysctlValue{"net.ipv4.fib_multipath_hash_policy", "0"},
    SysctlValue{"net.ipv4.fib_multipath_hash_fields", "7"},
    SysctlValue{"net.ipv4.fib_multipath_use_neigh", "0"},
    SysctlValue{"net.ipv4.fwmark_reflect", "0"},
    SysctlValue{"net.ipv4.icmp_echo_enable_probe", "0"},
    SysctlValue{"net.ipv4.icmp_ignore_bogus_error_responses", "1"},
    SysctlValue{"net.ipv4.icmp_echo_ignore_all", "0"},
    SysctlValue{"net.ipv4.icmp_echo_ignore_broadcasts", "1"},
    SysctlValue{"net.ipv4.icmp_errors_use_inbound_ifaddr", "0"},
    SysctlValue{"net.ipv4.icmp_ratelimit", "0"},
    SysctlValue{"net.ipv4.icmp_ratemask", "0"},
    SysctlValue{"net.ipv4.icmp_msgs_per_sec", "1000000"},
    SysctlValue{"net.ipv4.icmp_msgs_burst", "1000000"},
    SysctlValue{"net.ipv4.ipfrag_time", "30"},
    SysctlValue{"net.netfilter.nf_conntrack_tcp_loose", "1"},
    SysctlValue{"net.netfilter.nf_conntrack_tcp_be_liberal", "0"},
    SysctlValue{"net.netfilter.nf_conntrack_checksum", "1"},
    SysctlValue{"net.ipv4.conf.*.accept_redirects", "1"},
    SysctlValue{"net.ipv4.conf.*.send_redirects", "1"},
    SysctlValue{"net.ipv4.conf.*.secure_redirects", "1"},
    SysctlValue{"net.ipv4.conf.*.shared_media", "1"},
    SysctlValue{"net.ipv4.conf.*.rp_filter", "0"},
    SysctlValue{"net.ipv4.conf.*.src_valid_mark", "0"},
    SysctlValue{"net.ipv4.conf.*.proxy_arp", "0"},
    SysctlValue{"net.ipv4.conf.*.proxy_arp_pvlan", "0"},
    SysctlValue{"net.ipv4.conf.*.medium_id", "0"},
    SysctlValue{"net.ipv4.conf.*.bc_forwarding", "0"},
    SysctlValue{"net.ipv4.conf.*.force_igmp_version", "0"},
    SysctlValue{"net.ipv4.conf.*.arp_filter", "0"},
    SysctlValue{"net.ipv4.conf.*.arp_ignore", "0"},
    SysctlValue{"net.ipv4.conf.*.arp_announce", "0"},
    SysctlValue{"net.ipv4.conf.*.arp_notify", "0"},
    SysctlValue{"net.ipv4.conf.*.arp_accept", "0"},
    SysctlValue{"net.ipv4.conf.*.accept_local", "0"},
    SysctlValue{"net.ipv4.conf.*.route_localnet", "0"},
    SysctlValue{"net.ipv4.conf.*.drop_gratuitous_arp", "0"},
    SysctlValue{"net.ipv4.conf.*.drop_unicast_in_l2_multicast", "0"},
    SysctlValue{"net.ipv4.conf.*.ignore_routes_with_linkdown", "0"},
    SysctlValue{"net.ipv4.conf.*.promote_secondaries", "0"},
    SysctlValue{"net.ipv4.conf.*.bootp_relay", "0"},
    SysctlValue{"net.ipv4.conf.*.log_martians", "0"},
    SysctlValue{"net.ipv4.conf.all.accept_source_route", "0"},
    SysctlValue{"net.ipv4.conf.default.accept_source_route", "1"},
};

}  // namespace turnpike::diff
