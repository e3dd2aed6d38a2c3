// SPDX-License-Identifier: Apache-2.0
// The device as drivers' start-up sequences see it. Offsets and bits stand here as the 82599 data sheet (331520) prints
// them, not as regs/ has them, so that the tests also hold regs/ to the data sheet.
#pragma once
#include <gtest/gtest.h>

#include <cstring>
#include <span>
#include <vector>

#include "models/nic/nic_sim.h"
#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {

/// 8.2.3, the registers that the sequences touch.
namespace sheet {
constexpr std::uint64_t CTRL = 0x00000, STATUS = 0x00008, CTRL_EXT = 0x00018;
constexpr std::uint64_t EICR = 0x00800, EIAC = 0x00810, EIMS = 0x00880, EIMC = 0x00888, EIAM = 0x00890, GPIE = 0x00898;
constexpr std::uint64_t EITR0 = 0x00820, IVAR0 = 0x00900, IVAR_MISC = 0x00A00, EIMS_EX0 = 0x00AA0, EIAM_EX0 = 0x00AD0;
constexpr std::uint64_t RXCTRL = 0x03000, RDRXCTL = 0x02F00, RXPBSIZE0 = 0x03C00;
constexpr std::uint64_t HLREG0 = 0x04240, MAXFRS = 0x04268, AUTOC = 0x042A0, LINKS = 0x042A4;
constexpr std::uint64_t RTTDCS = 0x04900, RTTDQSEL = 0x04904, RTTBCNRC = 0x04984, DMATXCTL = 0x04A80;
constexpr std::uint64_t RXCSUM = 0x05000, FCTRL = 0x05080, VLNCTRL = 0x05088, MCSTCTRL = 0x05090, MTA0 = 0x05200;
constexpr std::uint64_t MRQC = 0x0EC80, RETA0 = 0x0EB00, RSSRK0 = 0x0EB80, PSRTYPE0 = 0x0EA00;
constexpr std::uint64_t DTXMXSZRQ = 0x08100, MTQC = 0x08120, SECRXCTRL = 0x08D00, SECRXSTAT = 0x08D04;
constexpr std::uint64_t VFTA0 = 0x0A000, RAL0 = 0x0A200, RAH0 = 0x0A204, TXPBSIZE0 = 0x0CC00, TXPBTHRESH0 = 0x04950;
constexpr std::uint64_t EEC = 0x10010, EERD = 0x10014, EEMNGCTL = 0x10110, SWSM = 0x10140, SW_FW_SYNC = 0x10160;
constexpr std::uint64_t MSCA = 0x0425C, MSRWD = 0x04260;
constexpr std::uint64_t GPRC = 0x04074, GPTC = 0x04080, GORCL = 0x04088, GORCH = 0x0408C, GOTCL = 0x04090,
                        GOTCH = 0x04094, MPC0 = 0x03FA0, TPR = 0x040D0;
constexpr std::uint64_t rx(std::uint64_t reg, unsigned queue) { return reg + queue * 0x40; }
constexpr std::uint64_t RDBAL = 0x01000, RDBAH = 0x01004, RDLEN = 0x01008, DCA_RXCTRL = 0x0100C, RDH = 0x01010,
                        SRRCTL = 0x01014, RDT = 0x01018, RXDCTL = 0x01028;
constexpr std::uint64_t tx(std::uint64_t reg, unsigned queue) { return reg + queue * 0x40; }
constexpr std::uint64_t TDBAL = 0x06000, TDBAH = 0x06004, TDLEN = 0x06008, DCA_TXCTRL = 0x0600C, TDH = 0x06010,
                        TDT = 0x06018, TXDCTL = 0x06028;
constexpr std::uint32_t kQueueEnable = 1U << 25;
}  // namespace sheet

/// Time of a round trip apart, a register that has to change does so soon.
struct Sequence : testing::Test {
    static constexpr std::uint64_t kMicrosecond = 1'000'000, kMillisecond = 1'000'000'000;
    static constexpr unsigned kEntries = 512;

    Memory memory{std::size_t{16} << 20};
    NicSim sim{{}, memory};

    std::uint32_t read(std::uint64_t reg) { return sim.mmio_read32(0, reg); }
    void write(std::uint64_t reg, std::uint64_t value) { sim.mmio_write32(0, reg, static_cast<std::uint32_t>(value)); }
    void set(std::uint64_t reg, std::uint32_t bits) { write(reg, read(reg) | bits); }
    void clear(std::uint64_t reg, std::uint32_t bits) { write(reg, read(reg) & ~bits); }
    /// Drivers give up after a number of polls; so does this.
    bool becomes(std::uint64_t reg, std::uint32_t mask, std::uint32_t wanted, std::uint64_t within_ps) {
        const std::uint64_t until = sim.now_ps() + within_ps;
        while ((read(reg) & mask) != wanted) {
            if (sim.now_ps() >= until) return false;
            sim.run_for(kMicrosecond);
        }
        return true;
    }

    /// A ring as software sees it: 16 bytes a descriptor (7.1.6, 7.2.3.2.4), one buffer of 2 KiB each.
    struct Ring {
        std::uint64_t base = 0, buffers = 0;
    };
    Ring make_ring() { return {memory.allocate(kEntries * 16, 128), memory.allocate(kEntries * 2048, 2048)}; }
    std::uint64_t quadword(std::uint64_t address) {
        std::uint64_t value = 0;
        std::memcpy(&value, memory.at(address), sizeof value);
        return value;
    }
    void set_quadword(std::uint64_t address, std::uint64_t value) {
        std::memcpy(memory.at(address), &value, sizeof value);
    }
    /// 7.1.6.1: packet buffer address, header buffer address (0, whose bit 0 is DD).
    void give_rx(const Ring& ring, unsigned index) {
        set_quadword(ring.base + index * 16, ring.buffers + index * 2048);
        set_quadword(ring.base + index * 16 + 8, 0);
    }
    /// 7.1.6.2, status in bits 0 to 19 of the second quadword: DD is bit 0, EOP bit 1; the length is in bits 32 to 47.
    bool rx_done(const Ring& ring, unsigned index) { return (quadword(ring.base + index * 16 + 8) & 3) == 3; }
    std::span<const std::uint8_t> rx_frame(const Ring& ring, unsigned index) {
        return {memory.at(ring.buffers + index * 2048), quadword(ring.base + index * 16 + 8) >> 32 & 0xFFFF};
    }
    /// 7.2.3.2.4: data length, DTYP 3, EOP, IFCS, RS, DEXT; the payload's length from bit 46 on.
    void put_tx(const Ring& ring, unsigned index, std::span<const std::uint8_t> frame) {
        std::copy(frame.begin(), frame.end(), memory.at(ring.buffers + index * 2048));
        set_quadword(ring.base + index * 16, ring.buffers + index * 2048);
        set_quadword(ring.base + index * 16 + 8, frame.size() | 0x2B300000ULL | std::uint64_t{frame.size()} << 46);
    }
    /// 7.2.3.4: DD is bit 0 of the status, bits 32 to 35 of the second quadword.
    bool tx_done(const Ring& ring, unsigned index) { return (quadword(ring.base + index * 16 + 8) >> 32 & 1) != 0; }
};

/// To the port's address, with a number in it; `bytes` without FCS.
inline std::vector<std::uint8_t> numbered_frame(unsigned number, std::size_t bytes = 60) {
    std::vector<std::uint8_t> frame(bytes);
    const std::uint8_t header[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9, 0x88, 0xB5};
    std::copy(std::begin(header), std::end(header), frame.begin());
    for (std::size_t i = sizeof header; i < bytes; ++i) frame[i] = static_cast<std::uint8_t>(number * 31 + i);
    return frame;
}

}  // namespace turnpike::test
