// SPDX-License-Identifier: Apache-2.0
// String instructions. A repetition runs in chunks: each pass through the block does at most one chunk and, where
// elements are left, comes back to the same instruction, so that interrupts and time limits are seen in between (SDM
// volume 2, REP: interruptible after each element).
#include <algorithm>

#include "models/cpu/exec/handlers.h"

namespace turnpike::cpu {
namespace {

constexpr unsigned kRax = 0, kRcx = 1, kRsi = 6, kRdi = 7;
constexpr unsigned kChunkElements = 64;
constexpr u64 kChunkBytes = 1024;
constexpr u64 kLineBytes = 64;

/// Tells the timing model the lines touched, each once in a row per stream.
class LineLog {
  public:
    explicit LineLog(StringAccesses& log) : log_(log) { log_.count = log_.units = 0; }
    void touch(u64 address, u64 bytes, bool write) {
        if (address == kBusAccess) return;
        const u64 last = (address + bytes - 1) / kLineBytes;
        for (u64 line = address / kLineBytes; line <= last; ++line) {
            if (line == last_[write] || log_.count == StringAccesses::kMax) continue;
            last_[write] = line;
            log_.address[log_.count++] = (line * kLineBytes) | (write ? 1 : 0);
        }
    }

  private:
    StringAccesses& log_;
    u64 last_[2] = {kBusAccess, kBusAccess};
};

template <bool Address32>
u64 pointer(const State& s, unsigned number) {
    return Address32 ? static_cast<u32>(s.r[number]) : s.r[number];
}

template <bool Address32>
void advance(State& s, unsigned number, u64 amount) {
    if constexpr (Address32) {
        put<u32>(s, number, static_cast<u32>(s.r[number] + amount));
    } else {
        s.r[number] += amount;
    }
}

template <class T>
T load_element(State& s, const Insn* i, u64 address, LineLog& log) {
    T value;
    s.services->read(i, address, &value, sizeof(T), vector::GP, i->slot);
    log.touch(s.slot[i->slot], sizeof(T), false);
    return value;
}

template <class T>
void store_element(State& s, const Insn* i, u64 address, T value, LineLog& log) {
    s.services->write(i, address, &value, sizeof(T), vector::GP, i->slot);
    log.touch(s.slot[i->slot], sizeof(T), true);
}

template <class T>
void compare(Flags& flags, T a, T b) {
    const T r = static_cast<T>(a - b);
    flags.arithmetic(r, borrows_of_difference(a, b, r));
}

bool is_amd(const State& s) { return s.services->identity().maker == Maker::amd; }

/// One element; true if it set the flags that end a REPE/REPNE.
template <String Op, class T, bool Address32>
void element(State& s, const Insn* i, LineLog& log) {
    const u64 amount = (s.system_flags & rflag::DF) != 0 ? u64{0} - sizeof(T) : sizeof(T);
    constexpr bool kSource = Op == String::movs || Op == String::lods || Op == String::cmps;
    constexpr bool kTarget = Op != String::lods;
    const u64 from = linear_address(s, i->imm, pointer<Address32>(s, kRsi));
    const u64 to = pointer<Address32>(s, kRdi);
    if constexpr (Op == String::movs) store_element<T>(s, i, to, load_element<T>(s, i, from, log), log);
    if constexpr (Op == String::stos) store_element<T>(s, i, to, get<T>(s, kRax), log);
    if constexpr (Op == String::lods) put<T>(s, kRax, load_element<T>(s, i, from, log));
    if constexpr (Op == String::scas) compare<T>(s.flags, get<T>(s, kRax), load_element<T>(s, i, to, log));
    if constexpr (Op == String::cmps) {
        // Where both fault, the address of the first is told: the target's by Intel's processors, the source's by
        // AMD's.
        T a = 0;
        const bool source_first = is_amd(s);
        if (source_first) a = load_element<T>(s, i, from, log);
        const T b = load_element<T>(s, i, to, log);
        if (!source_first) a = load_element<T>(s, i, from, log);
        compare<T>(s.flags, a, b);
    }
    if constexpr (kSource) advance<Address32>(s, kRsi, amount);
    if constexpr (kTarget) advance<Address32>(s, kRdi, amount);
}

/// Replaces `address` by the physical one if all the bytes lie in memory that any access may go to.
template <bool Write>
bool plain_memory(const State& s, u64& address, u64 bytes) {
    if (address >= s.plain_end || bytes >= s.plain_end - address) {
        if (!find_page<Write>(s, address, bytes)) return false;
    }
    return !Write || (s.code_map[address >> kPageShift] | s.code_map[(address + bytes) >> kPageShift]) == 0;
}

/// Elements from `address` to the end of its page; all of them where paging is not on.
template <class T>
u64 elements_in_page(const State& s, u64 address) {
    return s.sys.paged ? (kPageBytes - (address & (kPageBytes - 1))) / sizeof(T) : kChunkBytes;
}

/// REP MOVS and REP STOS forwards in plain memory, up to kChunkBytes at once; the number of elements done.
template <String Op, class T>
u64 bulk(State& s, const Insn* i, u64 count, LineLog& log) {
    u64 to = s.r[kRdi];
    u64 from = linear_address(s, i->imm, s.r[kRsi]);
    u64 n = std::min<u64>({count, kChunkBytes / sizeof(T), elements_in_page<T>(s, to)});
    if constexpr (Op == String::movs) n = std::min(n, elements_in_page<T>(s, from));
    const u64 bytes = n * sizeof(T);
    if (n == 0 || (s.system_flags & (rflag::DF | rflag::TF)) != 0 || !plain_memory<true>(s, to, bytes)) return 0;
    if constexpr (Op == String::movs) {
        // A target inside the source repeats elements as they are copied: one by one.
        if (!plain_memory<false>(s, from, bytes) || (to > from && to - from < bytes)) return 0;
        std::memmove(s.memory + to, s.memory + from, bytes);
        log.touch(from, bytes, false);
        s.r[kRsi] += bytes;
    } else {
        const T value = get<T>(s, kRax);
        for (u64 k = 0; k < n; ++k) std::memcpy(s.memory + to + k * sizeof(T), &value, sizeof(T));
    }
    log.touch(to, bytes, true);
    s.r[kRdi] += bytes;
    s.r[kRcx] -= n;
    return n;
}

/// A repetition with 32-bit addresses begins so on Intel's processors: one of none or one that faults shows it.
template <String Op>
void clear_upper_halves(State& s) {
    put<u32>(s, kRcx, static_cast<u32>(s.r[kRcx]));
    if constexpr (Op == String::movs) put<u32>(s, kRsi, static_cast<u32>(s.r[kRsi]));
    if constexpr (Op == String::movs || Op == String::stos) put<u32>(s, kRdi, static_cast<u32>(s.r[kRdi]));
}

template <String Op, class T>
unsigned units_of(u64 elements) {
    constexpr bool kBlocks = Op == String::movs || Op == String::stos;
    return static_cast<unsigned>(kBlocks ? (elements * sizeof(T) + 7) / 8 : elements * 2);
}

/// A fault ends a repetition with the flags from before its first element (SDM volume 2, REP); with those of the last
/// element on AMD's processors.
template <class Action>
void with_flags_kept(State& s, Action action) {
    if (is_amd(s)) {
        action();
        return;
    }
    if (s.repetition != s.block_rip) {
        s.repetition = s.block_rip;
        s.flags_before = s.flags;
    }
    try {
        action();
    } catch (const Fault&) {
        s.flags = s.flags_before;
        s.repetition = State::kNoRepetition;
        throw;
    }
}

template <String Op, class T, unsigned Repeat, bool Address32>
const Insn* string(State& s, const Insn* i) {
    LineLog log(s.strings);
    s.rip = s.block_rip + i->end;
    if constexpr (Repeat == 0) {
        element<Op, T, Address32>(s, i, log);
        s.strings.units = 1;
    } else {
        const auto left = [&] { return pointer<Address32>(s, kRcx); };
        if (Address32 && !is_amd(s)) clear_upper_halves<Op>(s);
        // A single-step trap comes after each repetition (SDM volume 3, 18.3.1.4).
        const u64 elements = (s.system_flags & rflag::TF) != 0 ? 1 : kChunkElements;
        u64 done = 0;
        bool ended = false;
        if constexpr ((Op == String::movs || Op == String::stos) && !Address32) {
            done = bulk<Op, T>(s, i, left(), log);
        }
        if (done == 0) {
            constexpr bool kCompares = Op == String::scas || Op == String::cmps;
            const auto elements_one_by_one = [&] {
                while (left() != 0 && !ended && !s.leave && done < elements) {
                    element<Op, T, Address32>(s, i, log);
                    advance<Address32>(s, kRcx, ~u64{0});
                    ++done;
                    if constexpr (kCompares) ended = s.flags.zf() != (Repeat == 1);
                }
            };
            if constexpr (kCompares) {
                with_flags_kept(s, elements_one_by_one);
            } else {
                elements_one_by_one();
            }
        }
        s.strings.units = units_of<Op, T>(done);
        if (left() != 0 && !ended) {
            s.rip = s.block_rip;
            s.repeating = true;
        } else {
            s.repetition = State::kNoRepetition;
        }
    }
    return i;
}

template <String Op, class T>
Handler string_of(unsigned repeat, bool address32) {
    switch (repeat) {
        case 0:
            return address32 ? &string<Op, T, 0, true> : &string<Op, T, 0, false>;
        case 1:
            return address32 ? &string<Op, T, 1, true> : &string<Op, T, 1, false>;
        default:
            return address32 ? &string<Op, T, 2, true> : &string<Op, T, 2, false>;
    }
}

template <String Op>
Handler string_of(unsigned size, unsigned repeat, bool address32) {
    return by_size(size, [&]<class T>(T) { return string_of<Op, T>(repeat, address32); });
}

}  // namespace

Handler string_handler(String op, unsigned size, unsigned repeat, bool address32) {
    switch (op) {
        case String::movs:
            return string_of<String::movs>(size, repeat, address32);
        case String::stos:
            return string_of<String::stos>(size, repeat, address32);
        case String::lods:
            return string_of<String::lods>(size, repeat, address32);
        case String::scas:
            return string_of<String::scas>(size, repeat, address32);
        case String::cmps:
            return string_of<String::cmps>(size, repeat, address32);
    }
    return nullptr;
}

}  // namespace turnpike::cpu
