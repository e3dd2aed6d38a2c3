// SPDX-License-Identifier: Apache-2.0
// Data accesses that are not plain: to pages not in the TLB, outside DRAM, across pages, or into a page with decoded
// code. And what else instructions ask of the machine around the core.
#include <algorithm>
#include <cstring>

#include "models/cpu/core_impl.h"
#include "models/cpu/descriptor.h"
#include "regs/address_map.h"
#include "regs/lapic.h"

namespace turnpike::cpu {

/// The environment must find `cycles()` at the start of the accessing instruction, and a debugger that looks at this
/// core while it waits, where in its block it stands.
void Core::Impl::before_bus(const Insn* at) {
    state.leave = bus_used = true;
    if (at == nullptr) return;
    const Op& op = current->form.ops[charge_before(at)];
    state.rip = state.block_rip + op.offset + op.length;
    in_flight = true;
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
    if (blocks.stored(address, bytes)) state.leave = true;
}

/// A read that a write to the same place follows must find a writable page (the hardware checks for both at once).
Purpose Core::Impl::purpose_of_read(const Insn* at, unsigned slot) const {
    if (at == nullptr || slot >= current->form.accesses.size()) return Purpose::read;
    return current->form.accesses[slot].update ? Purpose::write : Purpose::read;
}

Span Core::Impl::span(const Insn* at, u64 address, unsigned bytes, Purpose purpose, u8 fault, bool user) {
    if (!is_canonical(address) || !is_canonical(address + bytes - 1)) {
        throw Fault{fault == vector::GP ? data_fault(at) : fault, at, true};
    }
    try {
        return paging.span(address, bytes, purpose, user);
    } catch (Fault& page_fault) {
        page_fault.at = at;
        throw;
    }
}

bool Core::Impl::all_in_dram(const Span& span, unsigned bytes) const {
    return in_dram(span.first, span.first_bytes) && (span.first_bytes == bytes || in_dram(span.second, 1));
}

/// Calls `piece` as `by_pieces` does, for the bytes on both pages.
template <class Piece>
void Core::Impl::by_pages(const Span& span, unsigned bytes, Piece piece) {
    by_pieces(span.first, span.first_bytes, piece);
    if (span.first_bytes == bytes) return;
    by_pieces(span.second, bytes - span.first_bytes,
              [&](u64 address, unsigned offset, unsigned size) { piece(address, offset + span.first_bytes, size); });
}

void Core::Impl::read(const Insn* at, u64 address, void* data, unsigned bytes, u8 fault, unsigned slot) {
    const Span where = span(at, address, bytes, purpose_of_read(at, slot), fault, cpl(state) == kUserLevel);
    u8* const to = static_cast<u8*>(data);
    if (all_in_dram(where, bytes)) {
        state.slot[slot] = where.first;
        std::memcpy(to, memory.data + where.first, where.first_bytes);
        std::memcpy(to + where.first_bytes, memory.data + where.second, bytes - where.first_bytes);
        return;
    }
    state.slot[slot] = kBusAccess;
    before_bus(at);
    by_pages(where, bytes, [&](u64 piece, unsigned offset, unsigned size) { read_piece(piece, to + offset, size); });
}

void Core::Impl::check_readable(const Insn* at, u64 address, unsigned slot) {
    const Span where = span(at, address, 1, Purpose::read, vector::GP, cpl(state) == kUserLevel);
    state.slot[slot] = all_in_dram(where, 1) ? where.first : kBusAccess;
}

void Core::Impl::write(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot) {
    write_as(at, address, data, bytes, fault, slot, cpl(state) == kUserLevel);
}

void Core::Impl::write_as(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot,
                          bool user) {
    const Span where = span(at, address, bytes, Purpose::write, fault, user);
    u8 copy[16];
    std::memcpy(copy, data, bytes);
    if (all_in_dram(where, bytes)) {
        state.slot[slot] = where.first;
        write_piece(where.first, copy, where.first_bytes);
        if (where.first_bytes != bytes) write_piece(where.second, copy + where.first_bytes, bytes - where.first_bytes);
        return;
    }
    state.slot[slot] = kBusAccess;
    before_bus(at);
    by_pages(where, bytes, [&](u64 piece, unsigned offset, unsigned size) { write_piece(piece, copy + offset, size); });
}

void Core::Impl::check_write(const Insn* at, u64 address, unsigned bytes, u8 fault) {
    span(at, address, bytes, Purpose::write, fault, cpl(state) == kUserLevel);
}

bool Core::Impl::read_system(u64 address, void* data, unsigned bytes) {
    const Span where = span(nullptr, address, bytes, Purpose::read, vector::GP, false);
    if (!all_in_dram(where, bytes)) return false;
    u8* const to = static_cast<u8*>(data);
    std::memcpy(to, memory.data + where.first, where.first_bytes);
    std::memcpy(to + where.first_bytes, memory.data + where.second, bytes - where.first_bytes);
    return true;
}

void Core::Impl::privilege_changed() {
    paging.select();
    context = paging.context();
}

void Core::Impl::flush_translations(bool all) {
    timing->forget_translations([&](u64 physical) { return !all && paging.is_global(physical); });
    paging.flush(all);
    context = paging.context();
}

/// The timing's TLBs know physical pages: the one that the old translation led to goes, and so does the new one's.
void Core::Impl::flush_page(u64 address) {
    if (const std::optional<u64> before = paging.known(address)) timing->forget_translation(*before);
    if (const std::optional<u64> now = paging.peek(address)) timing->forget_translation(*now);
    paging.flush_page(address);
    context = paging.context();
}

void Core::Impl::port_read(u16 port, void* data, unsigned bytes) {
    before_bus(nullptr);
    ++stats.bus_reads;
    environment.port_read(port, data, bytes);
}

void Core::Impl::port_write(u16 port, const void* data, unsigned bytes) {
    before_bus(nullptr);
    ++stats.bus_writes;
    environment.port_write(port, data, bytes);
}

/// The order of locked instructions of several cores is that of their local times.
void Core::Impl::synchronise(const Insn* at) {
    before_bus(at);
    environment.synchronise();
}

bool Core::Impl::read_msr(u32 number, u64& value) {
    before_bus(nullptr);
    return environment.read_msr(number, value);
}

bool Core::Impl::write_msr(u32 number, u64 value) {
    before_bus(nullptr);
    return environment.write_msr(number, value);
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
