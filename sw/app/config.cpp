// SPDX-License-Identifier: Apache-2.0
#include "sw/app/config.h"

#include "regs/address_map.h"
#include "regs/mailbox.h"
#include "sw/driver/ixgbe.h"
#include "sw/kernel/error.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/printk.h"
#include "sw/kernel/random.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/smp.h"
#include "sw/kernel/sysctl.h"
#include "sw/net/net.h"
#include "sw/user/programs.h"

namespace fw {
namespace {

namespace mailbox = regs::mailbox;

constexpr u64 kBase = regs::map::MAILBOX_BASE;
constinit u32 start_khz = 0;

int start(const msg::Start& message) {
    if (message.tsc_khz == 0) return -err::inval;
    start_khz = message.tsc_khz;
    return 0;
}

int set_seed(const msg::Seed& message) {
    random_seed(message.seed);
    return 0;
}

int set_sysctl(const msg::Sysctl& message) {
    const int error = inet_sysctl(message);
    console_loglevel = static_cast<int>(sysctl(SysctlId::printk));
    return error;
}

/// A program of the router itself: it begins when the CPU idles, after configuration.
int start_program(const msg::LocalTask& message) {
    if (message.program < msg::LOCAL_ECHO || message.program > msg::LOCAL_SENDER) return -err::inval;
    task_struct* task = user_task_create(user::local_program, &message, sizeof message, "local", 0);
    if (!task) return -err::nobufs;
    wake_up_process(task);
    return 0;
}

/// Reads the message and hands it to its handler; the length must be the type's own.
template <typename Message>
int deliver(int (*handler)(const Message&)) {
    if (hal::mmio_read64(kBase + mailbox::LENGTH) != sizeof(Message)) return -err::inval;
    u64 words[(sizeof(Message) + sizeof(u64) - 1) / sizeof(u64)];
    unsigned n = 0;
    for (u64& word : words) word = hal::mmio_read64(kBase + mailbox::DATA(n++));
    Message message;
    __builtin_memcpy(&message, words, sizeof message);
    return handler(message);
}

int dispatch(u64 type) {
    switch (type) {
        case msg::Port::kType:
            return deliver<msg::Port>(ixgbe_probe);
        case msg::Accelerators::kType:
            return deliver<msg::Accelerators>(inet_accelerators);
        case msg::Start::kType:
            return deliver<msg::Start>(start);
        case msg::Seed::kType:
            return deliver<msg::Seed>(set_seed);
        case msg::LinkSet::kType:
            return deliver<msg::LinkSet>(inet_link_set);
        case msg::AddrAdd::kType:
            return deliver<msg::AddrAdd>(inet_addr_add);
        case msg::AddrDel::kType:
            return deliver<msg::AddrDel>(inet_addr_del);
        case msg::RouteAdd::kType:
            return deliver<msg::RouteAdd>(inet_route_add);
        case msg::RouteDel::kType:
            return deliver<msg::RouteDel>(inet_route_del);
        case msg::NexthopAdd::kType:
            return deliver<msg::NexthopAdd>(inet_nexthop_add);
        case msg::NexthopDel::kType:
            return deliver<msg::NexthopDel>(inet_nexthop_del);
        case msg::RuleAdd::kType:
            return deliver<msg::RuleAdd>(inet_rule_add);
        case msg::RuleDel::kType:
            return deliver<msg::RuleDel>(inet_rule_del);
        case msg::Flush::kType:
            return deliver<msg::Flush>(inet_flush);
        case msg::NeighAdd::kType:
            return deliver<msg::NeighAdd>(inet_neigh_add);
        case msg::NeighDel::kType:
            return deliver<msg::NeighDel>(inet_neigh_del);
        case msg::Ethtool::kType:
            return deliver<msg::Ethtool>(inet_ethtool);
        case msg::MrouteAdd::kType:
            return deliver<msg::MrouteAdd>(inet_mroute_add);
        case msg::MrouteDel::kType:
            return deliver<msg::MrouteDel>(inet_mroute_del);
        case msg::Sysctl::kType:
            return deliver<msg::Sysctl>(set_sysctl);
        case msg::LocalTask::kType:
            return deliver<msg::LocalTask>(start_program);
        default:
            return -err::inval;
    }
}

/// Obeys the waiting message, if there is one.
bool config_poll() {
    if (!mailbox::STATUS_PENDING.test(hal::mmio_read64(kBase + mailbox::STATUS))) return false;
    const int result = dispatch(hal::mmio_read64(kBase + mailbox::TYPE));
    hal::mmio_write64(kBase + mailbox::REPLY, static_cast<u64>(static_cast<i64>(result)));
    return true;
}

void set_interrupt(bool enabled) { hal::mmio_write64(kBase + mailbox::IRQ_ENABLE, enabled); }

// Messages change tables that the packet path reads, and softirqs never interrupt each other.
void mailbox_interrupt(unsigned, void*) {
    set_interrupt(false);
    __cpu_raise_softirq(HI_SOFTIRQ);
}

void mailbox_action() {
    stop_machine([] {
        while (config_poll()) {
        }
    });
    set_interrupt(true);
}

}  // namespace

u32 config_until_start() {
    while (!start_khz) config_poll();
    return start_khz;
}

int config_listen() {
    open_softirq(HI_SOFTIRQ, mailbox_action);
    const int error = request_irq(regs::map::MAILBOX_IRQ, mailbox_interrupt, nullptr, 0, "mailbox");
    if (!error) set_interrupt(true);
    return error;
}

}  // namespace fw
