// SPDX-License-Identifier: Apache-2.0
// The smallest driver that receives: resets the NIC, gives it one queue, takes ten frames off the wire, by interrupt.
// Section numbers are those of the Intel 82599 data sheet (331520).
#include <cstdio>
#include <cstring>
#include <vector>

#include "models/nic/nic_sim.h"

namespace {

constexpr std::uint64_t kBase = 0x1'0000'0000;  // bus addresses begin above 4 GiB
constexpr unsigned kEntries = 32, kBufferBytes = 2048;

/// The memory that the device sees.
struct Memory : turnpike::HostMemory {
    std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(1 << 20);
    bool holds(std::uint64_t address, std::size_t size) const {
        return address >= kBase && address - kBase <= bytes.size() && size <= bytes.size() - (address - kBase);
    }
    bool read(std::uint64_t address, void* data, std::size_t size) override {
        if (holds(address, size)) std::memcpy(data, &bytes[address - kBase], size);
        return holds(address, size);
    }
    bool write(std::uint64_t address, const void* data, std::size_t size) override {
        if (holds(address, size)) std::memcpy(&bytes[address - kBase], data, size);
        return holds(address, size);
    }
    void put(std::uint64_t address, std::uint64_t value) { std::memcpy(&bytes[address - kBase], &value, sizeof value); }
    std::uint64_t get(std::uint64_t address) const {
        std::uint64_t value = 0;
        std::memcpy(&value, &bytes[address - kBase], sizeof value);
        return value;
    }
};

struct Driver {
    turnpike::NicSim& nic;
    Memory& memory;
    unsigned next = 0, received = 0;
    static constexpr std::uint64_t ring = kBase, buffers = kBase + 0x10000;

    void set(std::uint64_t reg, std::uint32_t bits) { nic.mmio_write32(0, reg, nic.mmio_read32(0, reg) | bits); }
    void give(unsigned n) {
        memory.put(ring + n * 16, buffers + n * kBufferBytes);
        memory.put(ring + n * 16 + 8, 0);
    }

    bool start() {
        nic.cfg_write32(0x04, 0x0006);             // 9.3.3: memory space, bus mastering
        nic.mmio_write32(0, 0x00888, 0x7FFFFFFF);  // 4.6.3.1: EIMC
        nic.mmio_write32(0, 0x00000, 1U << 26);    // 4.6.3.2: CTRL.RST
        while (nic.mmio_read32(0, 0x00000) >> 26 & 1) {
        }                                        // each read takes its time
        nic.mmio_write32(0, 0x05080, 1U << 10);  // 4.6.7: FCTRL.BAM
        for (unsigned n = 0; n < kEntries; ++n) give(n);
        nic.mmio_write32(0, 0x01000, ring & 0xFFFFFFFF);  // 4.6.7.1: RDBAL, RDBAH, RDLEN
        nic.mmio_write32(0, 0x01004, ring >> 32);
        nic.mmio_write32(0, 0x01008, kEntries * 16);
        nic.mmio_write32(0, 0x01014, 2 | 1U << 25);  // SRRCTL: 2 KiB, advanced descriptors
        set(0x01028, 1U << 25);                      // RXDCTL.ENABLE
        while (!(nic.mmio_read32(0, 0x01028) >> 25 & 1)) {
        }
        nic.mmio_write32(0, 0x01018, kEntries - 1);  // RDT
        nic.mmio_write32(0, 0x03000, 1);             // RXCTRL.RXEN
        nic.mmio_write32(0, 0x00900, 0x80);          // 8.2.3.5.16: IVAR, queue 0 on EICR bit 0
        nic.mmio_write32(0, 0x00880, 1);             // 4.6.6: EIMS
        nic.on_intx([this](bool level) {
            if (level) interrupt();
        });
        return nic.run_until([this] { return nic.mmio_read32(0, 0x042A4) >> 30 & 1; }, 1'000'000'000'000);  // LINKS
    }
    /// A handler may read registers, as in a kernel.
    void interrupt() {
        nic.mmio_read32(0, 0x00800);                                                  // 8.2.3.5.1: EICR; the line falls
        for (; memory.get(ring + next * 16 + 8) & 1; next = (next + 1) % kEntries) {  // 7.1.6.2: DD
            std::printf("%8llu ns: %llu bytes\n", static_cast<unsigned long long>(nic.now_ps() / 1000),
                        static_cast<unsigned long long>(memory.get(ring + next * 16 + 8) >> 32 & 0xFFFF));
            give(next);
            nic.mmio_write32(0, 0x01018, next);
            ++received;
        }
    }
};

}  // namespace

int main() {
    Memory memory;
    turnpike::NicSim nic({}, memory);
    Driver driver{nic, memory};
    if (!driver.start()) return 1;
    std::vector<std::uint8_t> frame(60);
    std::fill_n(frame.begin(), 6, std::uint8_t{0xFF});
    for (unsigned n = 0; n < 10; ++n) nic.wire_rx(frame, nic.now_ps());
    nic.run_for(100'000'000);
    for (const auto& [name, count] : nic.counters().statistics)
        if (count != 0) std::printf("%s: %llu\n", name.c_str(), static_cast<unsigned long long>(count));
    return driver.received == 10 ? 0 : 1;
}
