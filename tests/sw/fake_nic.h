// SPDX-License-Identifier: Apache-2.0
// As much of an 82599 as the driver's tests need: registers that keep what is written, and rings worked by hand.
// Offsets and bits are the data sheet's (331520-005, chapter 8), written out here and not taken from regs/.
#pragma once
#include <cstdint>
#include <cstring>
#include <map>
#include <utility>
#include <vector>

class FakeNic {
  public:
    static constexpr std::uint64_t kBar = 0xE0000000;
    static constexpr std::uint64_t CTRL = 0x0, STATUS = 0x8, EICR = 0x800, EICS = 0x808, EIMS = 0x880, EIMC = 0x888;
    static constexpr std::uint64_t RDBAL = 0x1000, RDBAH = 0x1004, RDLEN = 0x1008, RDT = 0x1018;
    static constexpr std::uint64_t TDBAL = 0x6000, TDBAH = 0x6004, TDLEN = 0x6008, TDT = 0x6018;
    static constexpr std::uint64_t EITR = 0x820;

    std::uint32_t read(std::uint64_t offset) {
        if (offset == EICR) return std::exchange(causes, 0);
        if (offset == STATUS) return registers[CTRL] & 1U << 2 ? 0 : 1U << 19;
        if (offset == 0x10010) return 1U << 9;                    // EEC: auto-read done
        if (offset == 0x2F00) return registers[offset] | 0x8008;  // RDRXCTL: DMA initialised
        return registers[offset];
    }

    void write(std::uint64_t offset, std::uint32_t value) {
        log.emplace_back(offset, value);
        if (offset == CTRL && (value & 1U << 26)) {
            registers.clear();
            registers[0x4240] = 0x00032803;  // HLREG0 after reset
            mask = 0;
            rx_head = tx_head = 0;
            rx_heads.clear();
        } else if (offset == EIMS) {
            mask |= value;
        } else if (offset == EIMC) {
            mask &= ~value;
        } else if (offset == EICS) {
            causes |= value;
        } else {
            registers[offset] = value;
        }
    }

    std::uint64_t* descriptor(std::uint64_t low, std::uint64_t high, unsigned index) {
        const std::uint64_t base = registers[low] | std::uint64_t{registers[high]} << 32;
        return reinterpret_cast<std::uint64_t*>(base) + 2 * index;
    }

    /// Descriptors that the driver has given and the NIC has not used.
    unsigned rx_available() { return (registers[RDT] - rx_head + rx_entries()) % rx_entries(); }
    /// Of queue n (8.2.3.8, 8.2.3.9): registers of a ring lie 0x40 behind those of the one before.
    void receive_on(unsigned queue, const std::vector<std::uint8_t>& frame, std::uint32_t status_error = 0x3) {
        const unsigned at = queue * 0x40;
        std::uint64_t* words = descriptor(RDBAL + at, RDBAH + at, rx_heads[queue]);
        std::memcpy(reinterpret_cast<void*>(words[0]), frame.data(), frame.size());
        words[0] = 0;
        words[1] = status_error | std::uint64_t{frame.size()} << 32;
        rx_heads[queue] = (rx_heads[queue] + 1) % (registers[RDLEN + at] / 16);
    }
    unsigned rx_entries() { return registers[RDLEN] / 16; }
    unsigned tx_entries() { return registers[TDLEN] / 16; }

    /// Stores a frame and writes the descriptor back (7.1.6.2): DD, EOP, status and error bits above them.
    void receive(const std::vector<std::uint8_t>& frame, std::uint32_t status_error = 0x3) {
        std::uint64_t* words = descriptor(RDBAL, RDBAH, rx_head);
        std::memcpy(reinterpret_cast<void*>(words[0]), frame.data(), frame.size());
        words[0] = 0;
        words[1] = status_error | std::uint64_t{frame.size()} << 32;
        rx_head = (rx_head + 1) % rx_entries();
        causes |= 1;
    }

    struct Sent {
        std::vector<std::uint8_t> bytes;
        std::uint64_t command;
    };
    /// Sends at most `most` of what the tail covers; write-back (7.2.3.5) where RS asks for it.
    std::vector<Sent> transmit(unsigned most = ~0U) {
        std::vector<Sent> sent;
        for (; tx_head != registers[TDT] && sent.size() < most; tx_head = (tx_head + 1) % tx_entries()) {
            std::uint64_t* words = descriptor(TDBAL, TDBAH, tx_head);
            if ((words[1] >> 20 & 0xF) == 2) {  // a context has no data, 7.2.3.2.3
                sent.push_back({{}, words[1]});
                continue;
            }
            const auto* data = reinterpret_cast<const std::uint8_t*>(words[0]);
            sent.push_back({{data, data + (words[1] & 0xFFFF)}, words[1]});
            if (words[1] & 1U << 27) {
                words[1] = std::uint64_t{1} << 32;
                causes |= 2;
            }
        }
        return sent;
    }

    std::map<std::uint64_t, std::uint32_t> registers;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> log;
    std::uint32_t causes = 0;
    std::uint32_t mask = 0;
    unsigned rx_head = 0;
    unsigned tx_head = 0;
    std::map<unsigned, unsigned> rx_heads;  ///< by queue
};
