// SPDX-License-Identifier: Apache-2.0
// Holds a device against its register list: reset values and access rules, through whatever path software takes.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "regs/register.h"

namespace turnpike::test {

/// A register that the sweep does not write, and why.
struct Skip {
    std::string_view name;
    std::string_view reason;
    bool reset_too = false;  ///< its reset value depends on the device, too
};

template <typename Bus>
class RegisterSweep {
  public:
    /// `bus` has `uint64_t read(offset)` and `void write(offset, value)`; `bytes` is the width of a register.
    RegisterSweep(Bus& bus, unsigned bytes, std::span<const regs::Register> list, std::vector<Skip> skipped)
        : bus_(bus), ones_(bytes == 8 ? ~0ULL : (1ULL << (8 * bytes)) - 1), list_(list), skipped_(std::move(skipped)) {}

    void run() {
        check_skips();
        for_each([this](const regs::Register& info, std::uint64_t offset) { check_reset(info, offset); });
        for_each([this](const regs::Register& info, std::uint64_t offset) { check_access(info, offset); });
    }

  private:
    template <typename Function>
    void for_each(Function function) {
        for (const regs::Register& info : list_)
            for (std::uint32_t n = 0; n < info.count; ++n) {
                const std::uint64_t offset = info.offset + std::uint64_t{info.stride} * n;
                SCOPED_TRACE(std::string(info.name) + "[" + std::to_string(n) + "]");
                function(info, offset);
            }
    }

    const Skip* skip(const regs::Register& info) const {
        const auto found = std::find_if(skipped_.begin(), skipped_.end(),
                                        [&](const Skip& candidate) { return candidate.name == info.name; });
        return found == skipped_.end() ? nullptr : &*found;
    }

    void check_skips() {
        for (const Skip& entry : skipped_) {
            EXPECT_FALSE(entry.reason.empty()) << entry.name;
            EXPECT_TRUE(std::any_of(list_.begin(), list_.end(),
                                    [&](const regs::Register& info) { return entry.name == info.name; }))
                << entry.name << " is skipped, but not in the list";
        }
    }

    void check_reset(const regs::Register& info, std::uint64_t offset) {
        if (skip(info) != nullptr && skip(info)->reset_too) return;
        EXPECT_EQ(bus_.read(offset), info.access == regs::Access::WO ? 0 : info.reset);
    }

    void check_access(const regs::Register& info, std::uint64_t offset) {
        if (skip(info) != nullptr) return;
        const std::uint64_t mask = info.write_mask & ones_;
        switch (info.access) {
            case regs::Access::RO:
                expect_after_write(offset, ~info.reset & ones_, info.reset);
                break;
            case regs::Access::RW:
                expect_after_write(offset, ones_, info.reset | mask);
                expect_after_write(offset, 0, info.reset & ~mask);
                expect_after_write(offset, info.reset, info.reset);
                break;
            case regs::Access::WO:
                expect_after_write(offset, ones_, 0);
                break;
            case regs::Access::RC:  // the sweep of reset values has read it
                EXPECT_EQ(bus_.read(offset), 0u);
                expect_after_write(offset, ones_, 0);
                break;
            case regs::Access::W1C:
                expect_after_write(offset, 0, info.reset);
                expect_after_write(offset, ones_, info.reset & ~mask);
                break;
            case regs::Access::W1S:
                expect_after_write(offset, 0, info.reset);
                expect_after_write(offset, ones_, info.reset | mask);
                break;
        }
    }

    void expect_after_write(std::uint64_t offset, std::uint64_t written, std::uint64_t expected) {
        bus_.write(offset, written);
        EXPECT_EQ(bus_.read(offset), expected) << "after a write of 0x" << std::hex << written;
    }

    Bus& bus_;
    std::uint64_t ones_;
    std::span<const regs::Register> list_;
    std::vector<Skip> skipped_;
};

template <typename Bus>
void sweep_registers(Bus&& bus, unsigned bytes, std::span<const regs::Register> list, std::vector<Skip> skipped = {}) {
    RegisterSweep<std::remove_reference_t<Bus>>(bus, bytes, list, std::move(skipped)).run();
}

}  // namespace turnpike::test
