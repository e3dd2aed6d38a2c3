// SPDX-License-Identifier: Apache-2.0
// A core with memory and a small machine around it, for tests of guest code.
#pragma once
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <initializer_list>
#include <span>
#include <vector>

#include "models/cpu/core.h"

namespace turnpike::cpu {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

struct BusAccess {
    bool write;
    u64 address;
    u64 value;
    unsigned bytes;
    u64 cycle;
};

class Guest : public Environment {
  public:
    static constexpr u64 kCode = 0x1000;
    static constexpr u64 kStack = 0x80000;
    static constexpr u64 kData = 0x40000;
    static constexpr u64 kIdt = 0x20000;
    static constexpr u64 kGdt = 0x21000;
    static constexpr u64 kDevice = 0xE0000000;
    static constexpr u64 kForever = ~u64{0};

    explicit Guest(const regs::CpuProfile& profile = {}, u64 dram_cycles = 210)
        : memory(1 << 20), core(0, profile, dram_cycles, {memory.data(), memory.size()}, *this) {}

    void load(std::span<const u8> code, u64 at = kCode) { std::memcpy(memory.data() + at, code.data(), code.size()); }
    void load(std::initializer_list<u8> code, u64 at = kCode) {
        std::copy(code.begin(), code.end(), memory.begin() + static_cast<std::ptrdiff_t>(at));
    }
    /// Runs until HLT or shutdown.
    Stop run(u64 limit = 100'000'000) {
        for (;;) {
            const Stop stop = core.run(limit);
            if (stop != Stop::limit || core.cycles() >= limit) return stop;
        }
    }
    /// Loads and runs the code with HLT behind it.
    Stop execute(std::initializer_list<u8> code) {
        load(code);
        memory[kCode + code.size()] = 0xF4;
        core.start(kCode, kStack);
        prepare();
        return run();
    }
    std::function<void()> prepare = [] {};

    template <class T>
    T at(u64 address) const {
        T value;
        std::memcpy(&value, memory.data() + address, sizeof value);
        return value;
    }
    template <class T>
    void put(u64 address, T value) {
        std::memcpy(memory.data() + address, &value, sizeof value);
    }
    /// An IDT entry (SDM volume 3, figure 6-8). `type` 0x8E: interrupt gate, 0x8F: trap gate.
    void gate(unsigned vector, u64 target, u8 type = 0x8E, unsigned ist = 0, u16 selector = 8) {
        put<u64>(kIdt + 16 * vector, (target & 0xFFFF) | (u64{selector} << 16) | (u64{ist} << 32) | (u64{type} << 40) |
                                         (((target >> 16) & 0xFFFF) << 48));
        put<u64>(kIdt + 16 * vector + 8, target >> 32);
    }

    bool bus_read(u64 address, void* data, unsigned bytes) override {
        if (address < kDevice || address >= kDevice + 0x1000) return false;
        const u64 value = device_value;
        std::memcpy(data, &value, bytes);
        accesses.push_back({false, address, value, bytes, core.cycles()});
        if (on_access) on_access(accesses.back());
        return true;
    }
    bool bus_write(u64 address, const void* data, unsigned bytes) override {
        if (address < kDevice || address >= kDevice + 0x1000) return false;
        u64 value = 0;
        std::memcpy(&value, data, bytes);
        accesses.push_back({true, address, value, bytes, core.cycles()});
        if (on_access) on_access(accesses.back());
        return true;
    }
    int acknowledge_interrupt() override {
        if (vectors.empty()) return -1;
        const int vector = vectors.front();
        vectors.pop_front();
        core.set_interrupt(!vectors.empty());
        return vector;
    }
    void request(int vector) {
        vectors.push_back(vector);
        core.set_interrupt(true);
    }

    std::vector<u8> memory;
    Core core;
    u64 device_value = 0x1122334455667788;
    std::vector<BusAccess> accesses;
    std::function<void(const BusAccess&)> on_access;
    std::deque<int> vectors;
};

}  // namespace turnpike::cpu
