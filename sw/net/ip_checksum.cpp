// SPDX-License-Identifier: Apache-2.0
// The header checksum of received packets: summed here, or by the checksum accelerator (regs/checksum.def).
#include "regs/address_map.h"
#include "regs/checksum.h"
#include "sw/kernel/error.h"
#include "sw/kernel/spinlock.h"
#include "sw/net/devinet.h"
#include "sw/net/ip.h"
#include "sw/wire/checksum.h"

namespace fw {

namespace reg = regs::checksum;

namespace {

constinit bool hardware = false;
/// A command and its result belong together, and there is one engine.
constinit spinlock engine_lock = {LockClass::checksum};
constexpr u64 kId = 0x4D555343;  // 'CSUM'

u64 read(u64 offset) { return hal::mmio_read64(regs::map::CHECKSUM_BASE + offset); }
void write(u64 offset, u64 value) { hal::mmio_write64(regs::map::CHECKSUM_BASE + offset, value); }

/// Sum by the accelerator; by software where the accelerator could not read memory.
STAGE u16 ip_checksum_accelerated(const u8* header, unsigned ihl) {
    spin_lock(engine_lock);
    write(reg::COMMAND, reg::COMMAND_ADDRESS.of(reinterpret_cast<u64>(header)) | reg::COMMAND_LENGTH.of(ihl * 4));
    const u64 result = read(reg::RESULT);
    spin_unlock(engine_lock);
    if (likely(!reg::RESULT_BUS_ERROR.test(result))) return static_cast<u16>(reg::RESULT_SUM.get(result));
    snmp_inc(Snmp::TurnpikeChecksumBusErrors);
    return wire::ip_header_sum(header, ihl);
}

}  // namespace

int ip_checksum_use_hardware(bool on) {
    if (on) {
        if (read(reg::ID) != kId) return -err::nodev;
        write(reg::SEED, 0);
    }
    hardware = on;
    return 0;
}

bool ip_checksum_ok(const u8* header, unsigned ihl) {
    const u16 sum = hardware ? ip_checksum_accelerated(header, ihl) : wire::ip_header_sum(header, ihl);
    return sum == 0xFFFF;
}

}  // namespace fw
