// SPDX-License-Identifier: Apache-2.0
// `ip neigh` (Linux net/core/neighbour.c: neigh_add, neigh_delete).
#include "sw/kernel/error.h"
#include "sw/net/neighbour.h"
#include "sw/net/net.h"
#include "sw/net/pneigh.h"

namespace fw {

using namespace regs::config;

namespace {

constexpr u32 kAdmin = NEIGH_UPDATE_F_ADMIN | NEIGH_UPDATE_F_OVERRIDE;

int add(const NeighAdd& message, net_device* dev) {
    neighbour* neigh = neigh_lookup(message.address, dev);
    if (neigh && !message.replace) return -err::exist;
    if (!neigh && !message.create) return -err::noent;
    if (!neigh) neigh = neigh_create(message.address, dev, message.state & NUD_PERMANENT);
    if (!neigh) return -err::nobufs;
    return neigh_update(neigh, message.has_mac ? message.mac : nullptr, message.state, kAdmin);
}

void del(neighbour* neigh) {
    neigh_update(neigh, nullptr, NUD_FAILED, kAdmin);
    neigh_delete(neigh);
}

}  // namespace

int inet_neigh_add(const msg::NeighAdd& message) {
    net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev && (message.ifindex != 0 || !message.proxy)) return -err::nodev;
    return message.proxy ? pneigh_add(message.address, dev) : add(message, dev);
}

int inet_neigh_del(const msg::NeighDel& message) {
    const net_device* dev = dev_get_by_index(message.ifindex);
    if (!dev && (message.ifindex != 0 || !message.proxy)) return -err::nodev;
    if (message.proxy) return pneigh_delete(message.address, dev);
    neighbour* neigh = neigh_lookup(message.address, dev);
    if (!neigh) return -err::noent;
    del(neigh);
    return 0;
}

// `ip neigh flush` deletes one by one what `ip neigh show` lists, which is without permanent and NOARP entries.
void inet_neigh_flush(u32 ifindex) {
    for (neighbour*& head : neigh_buckets) {
        for (neighbour *neigh = head, *next; neigh; neigh = next) {
            next = neigh->next;
            if (ifindex != 0 && neigh->dev->ifindex != ifindex) continue;
            if (!(neigh->nud_state & (NUD_PERMANENT | NUD_NOARP))) del(neigh);
        }
    }
}

}  // namespace fw
