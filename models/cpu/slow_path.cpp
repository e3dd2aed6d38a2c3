// SPDX-License-Identifier: Apache-2.0
// Data accesses that are not plain: outside DRAM, across its end, or into a page with decoded code.
#include <algorithm>
#include <cstring>

#include "models/cpu/core_impl.h"
#include "models/cpu/descriptor.h"
#include "regs/address_map.h"
#include "regs/lapic.h"

namespace turnpike::cpu {

/// The environment must find `cycles()` at the start of the accessing instruction.
void Core::Impl::before_bus(const Insn* at) {
    state.leave = bus_used = true;
    if (at != nullptr) charge_before(at);
}

/// Calls `piece(address, offset, bytes)` for naturally aligned pieces of at most 8 bytes.
template <class Piece>
void Core::Impl::by_pieces(u64 address, unsigned bytes, Piece piece) {
    for (unsigned done = 0; done < bytes;) {
        unsigned size = 8;
        while (size > bytes - done || ((address + done) & (size - 1)) != 0) size /= 2;
        piece(address + done, done, size);
        done += size;
    }
}

void Core::Impl::bus(u64 address, void* data, unsigned bytes, bool is_write) {
    ++(is_write ? stats.bus_writes : stats.bus_reads);
    const bool answered =
        is_write ? environment.bus_write(address, data, bytes) : environment.bus_read(address, data, bytes);
    if (answered) return;
    if (!is_write) std::memset(data, 0xFF, bytes);
    if (stats.bus_errors++ == 0) {
        char text[128];
        std::snprintf(text, sizeof text, "bus error: %s of %u bytes at 0x%llx, where nothing answers; rip 0x%llx",
                      is_write ? "write" : "read", bytes, static_cast<unsigned long long>(address),
                      static_cast<unsigned long long>(state.block_rip));
        note(text);
    }
}

void Core::Impl::read_piece(u64 address, u8* data, unsigned bytes) {
    if (in_dram(address, bytes)) {
        std::memcpy(data, memory.data + address, bytes);
    } else {
        bus(address, data, bytes, false);
    }
}

void Core::Impl::write_piece(u64 address, u8* data, unsigned bytes) {
    if (!in_dram(address, bytes)) {
        bus(address, data, bytes, true);
        return;
    }
    std::memcpy(memory.data + address, data, bytes);
    // Code that changes itself takes effect with the next instruction.
    if (blocks.invalidate(address, bytes)) state.leave = true;
}

void Core::Impl::read(const Insn* at, u64 address, void* data, unsigned bytes, u8 fault, unsigned slot) {
    if (!is_canonical(address) || !is_canonical(address + bytes - 1)) throw Fault{fault == vector::GP ? data_fault(at) : fault, at, true};
    if (in_dram(address, bytes)) {
        state.slot[slot] = address;
        std::memcpy(data, memory.data + address, bytes);
        return;
    }
    state.slot[slot] = kBusAccess;
    before_bus(at);
    u8* const to = static_cast<u8*>(data);
    by_pieces(address, bytes, [&](u64 piece, unsigned offset, unsigned size) { read_piece(piece, to + offset, size); });
}

void Core::Impl::write(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot) {
    if (!is_canonical(address) || !is_canonical(address + bytes - 1)) throw Fault{fault == vector::GP ? data_fault(at) : fault, at, true};
    u8 copy[16];
    std::memcpy(copy, data, bytes);
    state.slot[slot] = kBusAccess;
    if (in_dram(address, bytes)) {
        state.slot[slot] = address;
        write_piece(address, copy, bytes);
        return;
    }
    before_bus(at);
    by_pieces(address, bytes,
              [&](u64 piece, unsigned offset, unsigned size) { write_piece(piece, copy + offset, size); });
}

/// CR8 is bits 7..4 of the local APIC's task priority (SDM volume 3, 11.8.6).
void Core::Impl::task_priority(u8 priority) {
    before_bus(nullptr);
    u32 value = priority;
    bus(regs::map::LAPIC_BASE + regs::lapic::TPR, &value, sizeof value, true);
}

u8 Core::Impl::task_priority() {
    before_bus(nullptr);
    u32 value = 0;
    bus(regs::map::LAPIC_BASE + regs::lapic::TPR, &value, sizeof value, false);
    return static_cast<u8>(value);
}

}  // namespace turnpike::cpu
