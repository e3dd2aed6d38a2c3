// SPDX-License-Identifier: Apache-2.0
// Receive side scaling (7.1.2.8): which queue a packet's flow goes to.
#include "sw/driver/ixgbe.h"

namespace fw {
namespace {

namespace nic = regs::nic;

constexpr unsigned kRssOnly = 1;  // MRQC.MRQE, 8.2.3.7.12
constexpr unsigned kEntriesPerRegister = 4;

/// The key of Microsoft's "Verifying the RSS Hash Calculation", for which hashes are published; a random one, as
/// Linux's, would make a run depend on chance.
constexpr u8 kKey[nic::RSSRK_COUNT * 4] = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67,
                                           0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb,
                                           0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30,
                                           0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa};

void write_key(const ixgbe_adapter* adapter) {
    for (unsigned n = 0; n < nic::RSSRK_COUNT; ++n) {
        const u8* at = kKey + 4 * n;
        ixgbe_write(adapter, nic::RSSRK(n), at[0] | u32{at[1]} << 8 | u32{at[2]} << 16 | u32{at[3]} << 24);
    }
}

/// The queues in turn (Linux ixgbe_setup_reta).
void write_table(const ixgbe_adapter* adapter) {
    u32 queue = 0;
    for (unsigned n = 0; n < nic::RETA_COUNT; ++n) {
        u32 entries = 0;
        for (unsigned i = 0; i < kEntriesPerRegister; ++i) {
            entries |= queue << 8 * i;
            if (++queue == adapter->queues) queue = 0;
        }
        ixgbe_write(adapter, nic::RETA(n), entries);
    }
}

}  // namespace

// As Linux's driver: TCP by addresses and ports, all else that is IP by addresses, UDP too, whose fragments have no
// ports and would overtake the rest of their flow.
void ixgbe_setup_rss(const ixgbe_adapter* adapter) {
    if (adapter->queues == 1) return;
    write_key(adapter);
    write_table(adapter);
    ixgbe_write(adapter, nic::RXCSUM, nic::RXCSUM_PCSD.of(1));  // the hash in the descriptor, 8.2.3.7.5
    ixgbe_write(adapter, nic::MRQC,
                nic::MRQC_MRQE.of(kRssOnly) | nic::MRQC_IPV4.of(1) | nic::MRQC_TCP_IPV4.of(1) | nic::MRQC_IPV6.of(1) |
                    nic::MRQC_TCP_IPV6.of(1) | nic::MRQC_UDP_IPV4.of(adapter->udp_ports ? 1 : 0));
}

}  // namespace fw
