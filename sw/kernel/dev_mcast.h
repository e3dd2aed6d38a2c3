// SPDX-License-Identifier: Apache-2.0
// Link-layer addresses of groups that a device is to take (Linux net/core/dev_addr_lists.c). The driver's set_rx_mode
// brings them to the hardware.
#pragma once
#include "sw/kernel/netdevice.h"

namespace fw {

/// Addresses of a device; with more it takes all groups.
inline constexpr unsigned kMaxMcAddresses = 64;

struct dev_mc_list {
    u32 count;
    u32 more;  ///< that had no place
    u8 address[kMaxMcAddresses][ETH_ALEN];
    u32 users[kMaxMcAddresses];
};

const dev_mc_list& dev_mc_list_of(const net_device* dev);
void dev_mc_add(net_device* dev, const u8* address);
void dev_mc_del(net_device* dev, const u8* address);
/// The device is to take all groups.
bool dev_takes_all_groups(const net_device* dev);
void dev_mc_init();

}  // namespace fw
