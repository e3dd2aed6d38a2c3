// SPDX-License-Identifier: Apache-2.0
#include "tests/nic_sim/fuzz.h"

#include <fmt/format.h>

#include <cstring>
#include <random>
#include <stdexcept>
#include <vector>

#include "models/core/diagnosis.h"
#include "models/nic/nic_sim.h"
#include "regs/nic.h"
#include "regs/nic_pci.h"

namespace turnpike::test {
namespace {

namespace r = regs::nic;
namespace p = regs::nic_pci;

constexpr std::uint64_t kBase = 0x1'0000'0000, kBytes = 1 << 20;
constexpr unsigned kQueues = 4;  ///< that are attacked on purpose; random offsets reach all
constexpr std::uint64_t kRingBytes = 4096;
/// Operations after which a device that hardly works any more gets a new start.
constexpr std::uint64_t kBetweenRecoveries = 256;

/// Refuses what lies beyond, and counts it. Its block is no larger than it says, so that a sanitizer would see more.
class GuestMemory : public HostMemory {
  public:
    bool read(std::uint64_t address, void* data, std::size_t bytes) override {
        if (!holds(address, bytes)) return false;
        std::memcpy(data, &bytes_[address - kBase], bytes);
        return true;
    }
    bool write(std::uint64_t address, const void* data, std::size_t bytes) override {
        if (!holds(address, bytes)) return false;
        std::memcpy(&bytes_[address - kBase], data, bytes);
        return true;
    }
    std::uint64_t refused = 0;

  private:
    bool holds(std::uint64_t address, std::size_t bytes) {
        const bool inside = address >= kBase && address - kBase <= kBytes && bytes <= kBytes - (address - kBase);
        refused += inside ? 0 : 1;
        return inside;
    }
    std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(kBytes);
};

class Fuzzer {
  public:
    explicit Fuzzer(std::uint64_t seed) : random_(seed), sim_({}, memory_) {
        for (const regs::Register& reg : r::kRegisters)
            for (unsigned n = 0; n < reg.count; ++n) offsets_.push_back(reg.offset + std::uint64_t{reg.stride} * n);
        sim_.on_wire_tx([this](std::span<const std::uint8_t> frame, std::uint64_t ps) {
            ++report_.sent;
            note(ps ^ frame.size());
        });
        sim_.on_msi([this](std::uint64_t address, std::uint32_t data) { note(address ^ data); });
        sim_.on_intx([this](bool level) { note(level ? 1 : 2); });
    }

    FuzzReport run(std::uint64_t operations) {
        recover();
        for (std::uint64_t n = 0; n < operations; ++n) {
            if (n % kBetweenRecoveries == kBetweenRecoveries - 1) recover();
            step();
        }
        sim_.run_for(100'000'000);
        return finish();
    }

  private:
    std::uint64_t pick(std::uint64_t below) { return random_() % below; }
    bool one_in(unsigned n) { return pick(n) == 0; }
    void note(std::uint64_t value) { report_.digest = (report_.digest ^ value ^ sim_.now_ps()) * 0x100000001B3; }
    void write(std::uint64_t reg, std::uint64_t value) {
        ++report_.register_writes;
        sim_.mmio_write32(0, reg, static_cast<std::uint32_t>(value));
    }

    /// Mostly inside memory; else at its edge, far away, or at the end of all addresses.
    std::uint64_t address() {
        switch (pick(12)) {
            case 0:
                return kBase + kBytes - pick(64);
            case 1:
                return random_();
            case 2:
                return ~std::uint64_t{0} - pick(4096);
            default:
                return kBase + pick(kBytes);
        }
    }
    std::uint64_t ring_base(unsigned queue, bool tx) const { return kBase + (queue * 2 + (tx ? 1 : 0)) * kRingBytes; }

    /// A device that works, with rings that do, so that the next operations reach deep.
    void recover() {
        sim_.cfg_write32(p::COMMAND, 0x6);
        sim_.cfg_write32(p::PM_CONTROL, 0);
        write(r::CTRL, one_in(2) ? r::CTRL_RST.of(1) : 0);
        sim_.run_for(2'000'000);
        write(r::FCTRL, r::FCTRL_UPE.of(1) | r::FCTRL_MPE.of(1) | r::FCTRL_BAM.of(1));
        write(r::HLREG0, 0x407);
        write(r::MAXFRS, r::MAXFRS_MFS.of(9728));
        write(r::DMATXCTL, 1);
        write(r::RXCTRL, 1);
        for (unsigned q = 0; q < kQueues; ++q) set_up(q);
        sim_.run_for(1'100'000'000);  // the link is up again
    }
    void set_up(unsigned q) {
        for (const bool tx : {false, true}) {
            const std::uint64_t base = one_in(8) ? address() : ring_base(q, tx);
            const auto of = [&](std::uint64_t rx_reg, std::uint64_t tx_reg) {
                return tx ? r::of_tx_queue(tx_reg, q) : r::of_rx_queue(rx_reg, q);
            };
            write(of(r::RXDCTL(0), r::TXDCTL(0)), 0);
            write(of(r::RDBAL(0), r::TDBAL(0)), base & 0xFFFFFFFF);
            write(of(r::RDBAH(0), r::TDBAH(0)), base >> 32);
            write(of(r::RDLEN(0), r::TDLEN(0)), one_in(8) ? random_() : 128 * (1 + pick(32)));
            if (!tx) write(r::of_rx_queue(r::SRRCTL(0), q), one_in(4) ? random_() : 0x402 | pick(6) << 25);
            write(of(r::RXDCTL(0), r::TXDCTL(0)), r::TXDCTL_ENABLE.of(1) | (one_in(2) ? random_() & 0x7F7F7F : 0));
            for (unsigned n = 0; n < 32; ++n) descriptor(q, tx, n);
            write(of(r::RDT(0), r::TDT(0)), pick(8));
        }
    }
    void descriptor(unsigned q, bool tx, unsigned n) {
        ++report_.descriptors;
        std::uint64_t words[2] = {address(), tx ? random_() : one_in(2) ? address() : 0};
        // Types that exist and lengths that fit, more often than chance would have it.
        if (tx && !one_in(8))
            words[1] = (words[1] & ~0x00F0'F000ULL) | (one_in(4) ? 0x20'0000 : 0x30'0000) | 0x2100'0000;
        memory_.write(ring_base(q, tx) + n * 16, words, sizeof words);
    }

    void step() {
        const unsigned q = static_cast<unsigned>(pick(kQueues));
        switch (pick(16)) {
            case 0:
                return write(offsets_[pick(offsets_.size())], random_());
            case 1:
                if (!one_in(4)) return frame();
                return write(pick(0x20000) & ~3ULL, one_in(2) ? random_() : std::uint64_t{1} << pick(32));
            case 2:
            case 3:
            case 4:
            case 5:
                return descriptor(q, one_in(2), static_cast<unsigned>(pick(256)));
            case 6:
            case 7:
                return write(r::of_tx_queue(r::TDT(0), q), one_in(8) ? random_() : pick(32));
            case 8:
                return write(r::of_rx_queue(r::RDT(0), q), one_in(8) ? random_() : pick(32));
            case 9:
            case 10:
            case 11:
                return frame();
            case 12:
                return other_space();
            case 13:
                ++report_.register_reads;
                return note(sim_.mmio_read32(0, offsets_[pick(offsets_.size())]));
            case 14:
                if (one_in(16)) set_up(q);
                return;
            default:
                ++report_.waits;
                sim_.run_for(pick(3'000'000));
        }
    }
    void other_space() {
        const auto value = static_cast<std::uint32_t>(random_());
        if (one_in(32)) return sim_.cfg_write32(pick(0x40) * 4, value);
        if (one_in(2)) return sim_.mmio_write32(4, pick(0x1000) * 4, value);
        sim_.mmio_write32(2, pick(3) * 4, value);
    }
    /// Not more than the wire takes.
    void frame() {
        if (wire_ps_ > sim_.now_ps() + 20'000'000) return;
        std::vector<std::uint8_t> bytes(one_in(8) ? pick(17'000) + 14 : pick(1600) + 14);
        for (std::size_t i = 0; i < bytes.size(); i += 1 + pick(64)) bytes[i] = static_cast<std::uint8_t>(random_());
        if (one_in(2)) {
            constexpr std::uint8_t kIp[] = {0x08, 0x00, 0x45};
            std::copy(std::begin(kIp), std::begin(kIp) + (bytes.size() > 14 ? 3 : 2), bytes.begin() + 12);
        }
        if (bytes.size() > 23 && one_in(2)) bytes[23] = one_in(2) ? 6 : 17;
        ++report_.frames;
        wire_ps_ = std::max(wire_ps_, sim_.now_ps()) + bytes.size() * 800;
        sim_.wire_rx(bytes, sim_.now_ps(), one_in(16));
    }

    FuzzReport finish() {
        const NicSimCounters counters = sim_.counters();
        report_.refused = memory_.refused;
        report_.bus_errors = counters.dma_errors;
        for (const auto& [name, count] : counters.statistics) {
            if (name == "rx_pkts_nic") report_.accepted = count;
            if (name == "rx_bus_errors" || name == "tx_bus_errors" || name == "tx_bad_descriptors")
                report_.stops += count;
        }
        for (const auto& [fate, count] : counters.drops) report_.drops += count;
        if (report_.refused != report_.bus_errors)
            throw std::logic_error(fmt::format("memory refused {} accesses, the link counted {} errors",
                                               report_.refused, report_.bus_errors));
        return report_;
    }

    std::mt19937_64 random_;
    GuestMemory memory_;
    NicSim sim_;
    std::vector<std::uint64_t> offsets_;
    std::uint64_t wire_ps_ = 0;
    FuzzReport report_;
};

/// A guest's mistakes are told; here there are too many.
struct Silence {
    Silence() {
        set_diagnosis_handler([](const std::string&) {});
    }
    ~Silence() { set_diagnosis_handler({}); }
};

}  // namespace

FuzzReport fuzz(std::uint64_t operations, std::uint64_t seed) {
    const Silence silence;
    return Fuzzer(seed).run(operations);
}

}  // namespace turnpike::test
