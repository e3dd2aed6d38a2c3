// SPDX-License-Identifier: Apache-2.0
// A little driver, written from the data sheet (331520) against the facade only. Sections named are the data sheet's.
#pragma once
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "models/nic/nic_sim.h"
#include "regs/nic.h"
#include "regs/nic_descriptors.h"
#include "regs/nic_pci.h"

namespace turnpike::test {

namespace r = regs::nic;
namespace p = regs::nic_pci;

/// Memory that begins above 4 GiB, so that the upper halves of addresses count.
class Memory : public HostMemory {
  public:
    static constexpr std::uint64_t kBase = 0x7'0000'0000;
    explicit Memory(std::size_t bytes);
    bool read(std::uint64_t address, void* data, std::size_t bytes) override;
    bool write(std::uint64_t address, const void* data, std::size_t bytes) override;
    /// Nothing is allocated.
    void clear() { next_ = kBase; }
    std::uint8_t* at(std::uint64_t address) { return bytes_.get() + (address - kBase); }
    /// Room for `bytes` at a multiple of `align` plus `skew`.
    std::uint64_t allocate(std::size_t bytes, std::size_t align, std::size_t skew = 0);

  private:
    bool contains(std::uint64_t address, std::size_t bytes) const;
    struct Free {
        void operator()(void* block) const { std::free(block); }
    };
    std::size_t size_;
    std::unique_ptr<std::uint8_t[], Free> bytes_;  ///< from calloc: what nobody touches takes no room
    std::uint64_t next_ = kBase;
};

enum class Interrupt { polling, intx, msi, msix };

struct DriverSetup {
    Interrupt interrupt = Interrupt::polling;
    unsigned queues = 1;
    unsigned entries = 64;
    std::size_t buffer_kib = 2;
    unsigned write_back_threshold = 0;  ///< TXDCTL.WTHRESH
    std::size_t skew = 0;               ///< of buffers against their alignment
    std::size_t longest = 1514;         ///< frame without FCS
};

class LittleDriver {
  public:
    LittleDriver(NicSim& sim, Memory& memory, const DriverSetup& setup);

    /// 4.6.3 to 4.6.8, and waits for the link.
    void bring_up();
    /// Puts a frame into the queue's ring; false: full. `flush` tells the device.
    bool send(unsigned queue, std::span<const std::uint8_t> frame);
    void flush(unsigned queue);
    /// Whether to look after the queue: always, or since its interrupt.
    bool due(unsigned queue) const { return setup_.interrupt == Interrupt::polling || due_[queue]; }
    /// All queues that were due have been looked after: their interrupts come again.
    void rearm();
    /// Hands out what has come in, in order: whole frames.
    template <typename Take>
    unsigned poll(unsigned queue, Take take);

    std::uint32_t read(std::uint64_t reg) { return sim_.mmio_read32(0, reg); }
    void write(std::uint64_t reg, std::uint64_t value) { sim_.mmio_write32(0, reg, static_cast<std::uint32_t>(value)); }
    void set(std::uint64_t reg, std::uint64_t bits) { write(reg, read(reg) | bits); }

  private:
    struct Ring {
        std::uint64_t base = 0;
        std::vector<std::uint64_t> buffers;
        unsigned next = 0, clean = 0, told = 0;
        std::vector<std::uint8_t> frame;  ///< received so far
    };
    void reset();
    void start_receive();
    void start_transmit();
    void start_interrupts();
    void interrupted();
    void give(Ring& ring, unsigned index);
    std::uint64_t word(const Ring& ring, unsigned index, unsigned n);
    void put_word(const Ring& ring, unsigned index, unsigned n, std::uint64_t value);
    bool wait_for(std::uint64_t reg, const regs::Field& field, bool wanted);

    NicSim& sim_;
    Memory& memory_;
    DriverSetup setup_;
    std::vector<Ring> rx_, tx_;
    std::vector<bool> due_;
};

template <typename Take>
unsigned LittleDriver::poll(unsigned queue, Take take) {
    Ring& ring = rx_[queue];
    unsigned frames = 0, descriptors = 0;
    for (;; ++descriptors) {
        const std::uint64_t words[2] = {word(ring, ring.next, 0), word(ring, ring.next, 1)};
        if (r::RX_WB_DD.get(words) == 0) break;
        const std::uint8_t* data = memory_.at(ring.buffers[ring.next]);
        ring.frame.insert(ring.frame.end(), data, data + r::RX_WB_LENGTH.get(words));
        if (r::RX_WB_EOP.get(words) != 0) {
            take(std::span<const std::uint8_t>(ring.frame));
            ring.frame.clear();
            ++frames;
        }
        give(ring, ring.next);
        ring.next = (ring.next + 1) % setup_.entries;
    }
    if (descriptors != 0) write(r::of_rx_queue(r::RDT(0), queue), (ring.next + setup_.entries - 1) % setup_.entries);
    return frames;
}

}  // namespace turnpike::test
