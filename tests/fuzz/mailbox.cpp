// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/mailbox.h"

#include <algorithm>
#include <cstring>
#include <deque>

#include "regs/address_map.h"
#include "regs/mailbox.h"
#include "sw/app/config.h"
#include "sw/hal/native/test_machine.h"
#include "sw/kernel/interrupt.h"
#include "sw/kernel/sched.h"

namespace fw::fuzz {

namespace {

namespace mailbox = regs::mailbox;

constexpr u64 kBase = regs::map::MAILBOX_BASE, kMapEnd = kBase + mailbox::DATA(0) + 512;

std::deque<turnpike::config::Message>& queue() {
    static std::deque<turnpike::config::Message> messages;
    return messages;
}

u64 read(u64 address) {
    if (address < kBase || address >= kMapEnd) return 0;
    const u64 offset = address - kBase;
    if (offset == mailbox::STATUS) return mailbox::STATUS_PENDING.of(queue().empty() ? 0 : 1);
    if (offset == mailbox::TYPE) return queue().front().type;
    const std::vector<u8>& bytes = queue().front().bytes;
    if (offset == mailbox::LENGTH) return bytes.size();
    const u64 at = offset - mailbox::DATA(0);
    u64 word = 0;
    if (at < bytes.size()) std::memcpy(&word, &bytes[at], std::min<u64>(sizeof word, bytes.size() - at));
    return word;
}

void write(u64 address, u64) {
    if (address == kBase + mailbox::REPLY) queue().pop_front();
}

}  // namespace

void open_mailbox() {
    native::machine().read64 = read;
    native::machine().write64 = write;
    if (config_listen() != 0) throw native::Panic("no interrupt for the mailbox");
}

void post(const std::vector<turnpike::config::Message>& messages) {
    queue().insert(queue().end(), messages.begin(), messages.end());
    raise_softirq(HI_SOFTIRQ);
    schedule();
}

}  // namespace fw::fuzz
