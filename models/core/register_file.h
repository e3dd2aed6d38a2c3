// SPDX-License-Identifier: Apache-2.0
// The registers of a device, made from its list in `regs/`: storage, access rules and the device's own reactions.
#pragma once
#include <tlm>

#include <cassert>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "regs/register.h"

namespace turnpike {

class RegisterFile {
  public:
    /// `bytes` is the width of one register (4 or 8); `name` stands in diagnoses.
    RegisterFile(std::string name, unsigned bytes, std::span<const regs::Register> list);

    void reset();

    /// The device's own view: the stored value, without side effects. The register must exist.
    std::uint64_t get(std::uint64_t offset) const { return values_[slot(offset)]; }
    void set(std::uint64_t offset, std::uint64_t value) { values_[slot(offset)] = value; }
    void add(std::uint64_t offset, std::uint64_t amount) { values_[slot(offset)] += amount; }

    /// `handler(stored)` gives what software reads, in place of the stored value.
    void on_read(std::uint64_t offset, std::function<std::uint64_t(std::uint64_t)> handler);
    /// `handler(before, written)` runs after the access rule has changed the stored value; `written` is unmasked.
    void on_write(std::uint64_t offset, std::function<void(std::uint64_t, std::uint64_t)> handler);

    /// Software's accesses, with access rules and reactions. Unknown registers read 0 and drop writes, each with one
    /// diagnosis per offset.
    std::uint64_t read(std::uint64_t offset);
    void write(std::uint64_t offset, std::uint64_t value);

    /// Carries a transaction out: only whole, aligned registers. Sets the response status.
    void transport(tlm::tlm_generic_payload& payload);
    /// Debug access: stored values, no side effects. Returns the number of bytes moved.
    unsigned transport_dbg(tlm::tlm_generic_payload& payload) const;

  private:
    struct Slot {
        const regs::Register* info;
        std::function<std::uint64_t(std::uint64_t)> read;
        std::function<void(std::uint64_t, std::uint64_t)> write;
    };
    static constexpr std::uint16_t kNone = 0xFFFF;
    std::uint16_t slot(std::uint64_t offset) const {
        assert(find(offset) != kNone && "the device names a register that its list lacks");
        return index_[offset >> shift_];
    }
    std::uint16_t find(std::uint64_t offset) const {
        const std::uint64_t word = offset >> shift_;
        return word << shift_ == offset && word < index_.size() ? index_[word] : kNone;
    }
    bool report_unknown(std::uint64_t offset, bool write);

    std::string name_;
    unsigned bytes_;
    unsigned shift_;                    ///< of `bytes_`: an offset to the word that it begins
    std::vector<std::uint16_t> index_;  ///< by offset / bytes_
    std::vector<Slot> slots_;
    std::vector<std::uint64_t> values_;
    std::vector<std::uint64_t> reported_;
};

}  // namespace turnpike
