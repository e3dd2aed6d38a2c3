// SPDX-License-Identifier: Apache-2.0
// Changing a device's queueing discipline (Linux net/sched/sch_api.c). Under stop_machine, as all configuration.
#include "sw/kernel/error.h"
#include "sw/kernel/sch_generic.h"

namespace fw {

int dev_graft_qdisc(net_device* dev, const Qdisc_ops* ops) {
    const Qdisc_ops* old = dev->qdisc_ops;
    dev->qdisc_ops = ops;
    if (!dev->tx[0].qdisc) return 0;
    bool stopped[regs::kMaxQueues];
    for (unsigned n = 0; n < regs::kMaxQueues; ++n) stopped[n] = netif_tx_queue_stopped(&dev->tx[n]);
    dev_deactivate(dev);
    const int error = dev_activate(dev);
    if (error != 0) {
        dev->qdisc_ops = old;
        dev_activate(dev);
    }
    for (unsigned n = 0; n < regs::kMaxQueues; ++n) {
        if (stopped[n]) netif_tx_stop_queue(&dev->tx[n]);  // the driver's ring is as full as it was
    }
    return error;
}

int qdisc_change(net_device* dev, const void* options, u32 bytes) {
    Qdisc* q = dev->tx[0].qdisc;
    return q && q->ops->change ? q->ops->change(q, options, bytes) : -err::opnotsupp;
}

u32 qdisc_dump(net_device* dev, void* to, u32 room) {
    const Qdisc* q = dev->tx[0].qdisc;
    return q && q->ops->dump ? q->ops->dump(q, to, room) : 0;
}

}  // namespace fw
