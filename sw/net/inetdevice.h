// SPDX-License-Identifier: Apache-2.0
// How net.ipv4.conf.all and an interface's own value combine (Linux 6.18 include/linux/inetdevice.h).
#pragma once
#include "sw/kernel/netdevice.h"
#include "sw/kernel/sysctl.h"

namespace fw {

inline i64 in_dev_conf_get(const net_device* dev, SysctlId id) { return sysctl_of(id, dev->ifindex); }
inline bool in_dev_andconf(const net_device* dev, SysctlId id) {
    return sysctl_of(id, kConfAll) != 0 && in_dev_conf_get(dev, id) != 0;
}
inline bool in_dev_orconf(const net_device* dev, SysctlId id) {
    return sysctl_of(id, kConfAll) != 0 || in_dev_conf_get(dev, id) != 0;
}
inline i64 in_dev_maxconf(const net_device* dev, SysctlId id) {
    const i64 all = sysctl_of(id, kConfAll), own = in_dev_conf_get(dev, id);
    return all > own ? all : own;
}

/// The interface's own value; writing ip_forward has set it.
inline bool in_dev_forward(const net_device* dev) { return in_dev_conf_get(dev, SysctlId::forwarding) != 0; }
inline bool in_dev_mforward(const net_device* dev) { return in_dev_andconf(dev, SysctlId::mc_forwarding); }
inline bool in_dev_bforward(const net_device* dev) { return in_dev_andconf(dev, SysctlId::bc_forwarding); }
/// 0: none, 1: strict, 2: loose (RFC 3704).
inline i64 in_dev_rpfilter(const net_device* dev) { return in_dev_maxconf(dev, SysctlId::rp_filter); }
inline bool in_dev_src_vmark(const net_device* dev) { return in_dev_orconf(dev, SysctlId::src_valid_mark); }
inline bool in_dev_source_route(const net_device* dev) { return in_dev_andconf(dev, SysctlId::accept_source_route); }
inline bool in_dev_accept_local(const net_device* dev) { return in_dev_orconf(dev, SysctlId::accept_local); }
inline bool in_dev_log_martians(const net_device* dev) { return in_dev_orconf(dev, SysctlId::log_martians); }
inline bool in_dev_proxy_arp(const net_device* dev) { return in_dev_orconf(dev, SysctlId::proxy_arp); }
inline bool in_dev_proxy_arp_pvlan(const net_device* dev) { return in_dev_orconf(dev, SysctlId::proxy_arp_pvlan); }
/// Devices of one medium have the same number; 0: it is on its own, -1: it answers for no other.
inline i64 in_dev_medium_id(const net_device* dev) { return in_dev_conf_get(dev, SysctlId::medium_id); }
inline bool in_dev_shared_media(const net_device* dev) { return in_dev_orconf(dev, SysctlId::shared_media); }
inline bool in_dev_tx_redirects(const net_device* dev) { return in_dev_orconf(dev, SysctlId::send_redirects); }
inline bool in_dev_sec_redirects(const net_device* dev) { return in_dev_orconf(dev, SysctlId::secure_redirects); }
/// A router listens to redirects only where `all` and the interface agree, a host where one of them does.
inline bool in_dev_rx_redirects(const net_device* dev) {
    return in_dev_forward(dev) ? in_dev_andconf(dev, SysctlId::accept_redirects)
                               : in_dev_orconf(dev, SysctlId::accept_redirects);
}
inline bool in_dev_promote_secondaries(const net_device* dev) {
    return in_dev_orconf(dev, SysctlId::promote_secondaries);
}
inline bool in_dev_route_localnet(const net_device* dev) { return in_dev_orconf(dev, SysctlId::route_localnet); }
inline bool in_dev_arpfilter(const net_device* dev) { return in_dev_orconf(dev, SysctlId::arp_filter); }
inline i64 in_dev_arp_accept(const net_device* dev) { return in_dev_maxconf(dev, SysctlId::arp_accept); }
inline i64 in_dev_arp_announce(const net_device* dev) { return in_dev_maxconf(dev, SysctlId::arp_announce); }
inline i64 in_dev_arp_ignore(const net_device* dev) { return in_dev_maxconf(dev, SysctlId::arp_ignore); }
inline i64 in_dev_arp_notify(const net_device* dev) { return in_dev_maxconf(dev, SysctlId::arp_notify); }
// Those without a macro in Linux: net/ipv4/arp.c, ip_input.c and igmp.c.
inline bool in_dev_drop_gratuitous_arp(const net_device* dev) {
    return in_dev_orconf(dev, SysctlId::drop_gratuitous_arp);
}
inline bool in_dev_drop_unicast_in_l2_multicast(const net_device* dev) {
    return in_dev_orconf(dev, SysctlId::drop_unicast_in_l2_multicast);
}
/// 0: as the routers of the link speak, else 1, 2 or 3: that of `all` comes first.
inline i64 in_dev_force_igmp_version(const net_device* dev) {
    const i64 all = sysctl_of(SysctlId::force_igmp_version, kConfAll);
    return all != 0 ? all : in_dev_conf_get(dev, SysctlId::force_igmp_version);
}
/// One of net.ipv4.neigh: there is no `all`.
inline i64 neigh_parm(const net_device* dev, SysctlId id) { return sysctl_of(id, dev->ifindex); }

}  // namespace fw
