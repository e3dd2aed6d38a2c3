// SPDX-License-Identifier: Apache-2.0
// Whether an address of this host fits (Linux net/ipv4/devinet.c, confirm_addr_indev).
#include "sw/net/devinet.h"

namespace fw {

using namespace regs::config;

namespace {

struct wanted {
    u32 destination;
    u32 local;
    u8 scope;
    u8 widest;  ///< scopes narrower than this count as this one

    bool scope_fits(const in_ifaddr* ifa) const { return (ifa->scope < widest ? ifa->scope : widest) <= scope; }
    bool subnet_fits(const in_ifaddr* ifa) const {
        return (local == 0 || inet_ifa_match(local, ifa)) && (destination == 0 || inet_ifa_match(destination, ifa));
    }
};

/// One entry of the list may give the address and another the subnet that makes it right.
u32 confirm_of_device(const net_device* dev, wanted what) {
    what.widest = in_dev_route_localnet(dev) ? RT_SCOPE_LINK : RT_SCOPE_HOST;
    u32 address = 0;
    bool same = false;
    for (const in_ifaddr* ifa = inet_ifa_list(dev); ifa; ifa = ifa->next) {
        const bool fits = what.scope_fits(ifa);
        if (address == 0 && fits && (what.local == 0 || what.local == ifa->local)) {
            address = ifa->local;
            if (same) break;
        }
        if (same) continue;
        same = what.subnet_fits(ifa);
        if (!same || address == 0) continue;
        if (what.local != 0 || what.destination == 0 || inet_ifa_match(address, ifa)) break;
        if (fits) return ifa->local;
        same = false;
    }
    return same ? address : 0;
}

}  // namespace

u32 inet_confirm_addr(const net_device* dev, u32 destination, u32 local, u8 scope) {
    const wanted what = {destination, local, scope, 0};
    if (dev) return confirm_of_device(dev, what);
    u32 address = 0;
    for (u32 ifindex = 1; address == 0 && ifindex <= regs::kMaxDevices; ++ifindex) {
        const net_device* other = dev_get_by_index(ifindex);
        if (other) address = confirm_of_device(other, what);
    }
    return address;
}

}  // namespace fw
