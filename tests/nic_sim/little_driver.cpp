// SPDX-License-Identifier: Apache-2.0
#include "tests/nic_sim/little_driver.h"

#include <cstring>
#include <stdexcept>

namespace turnpike::test {
namespace {

constexpr std::uint64_t kMicrosecond = 1'000'000;
constexpr unsigned kRingAlignment = 128;        // 8.2.3.8.1
constexpr std::uint64_t kQueueCauses = 0xFFFF;  // 8.2.3.5.1
constexpr std::uint32_t kMessageAddress = 0xFEE00000;

}  // namespace

Memory::Memory(std::size_t bytes) : size_(bytes), bytes_(static_cast<std::uint8_t*>(std::calloc(bytes, 1))) {
    if (!bytes_) throw std::bad_alloc();
}

bool Memory::contains(std::uint64_t address, std::size_t bytes) const {
    return address >= kBase && address - kBase <= size_ && bytes <= size_ - (address - kBase);
}

bool Memory::read(std::uint64_t address, void* data, std::size_t bytes) {
    if (!contains(address, bytes)) return false;
    std::memcpy(data, at(address), bytes);
    return true;
}

bool Memory::write(std::uint64_t address, const void* data, std::size_t bytes) {
    if (!contains(address, bytes)) return false;
    std::memcpy(at(address), data, bytes);
    return true;
}

std::uint64_t Memory::allocate(std::size_t bytes, std::size_t align, std::size_t skew) {
    const std::uint64_t address = (next_ + align - 1) / align * align + skew;
    next_ = address + bytes;
    if (!contains(address, bytes)) throw std::bad_alloc();
    return address;
}

LittleDriver::LittleDriver(NicSim& sim, Memory& memory, const DriverSetup& setup)
    : sim_(sim), memory_(memory), setup_(setup), rx_(setup.queues), tx_(setup.queues), due_(setup.queues) {
    const std::size_t bytes = setup.buffer_kib * 1024;
    for (auto* rings : {&rx_, &tx_})
        for (Ring& ring : *rings) {
            ring.base = memory.allocate(setup.entries * 16, kRingAlignment);
            for (unsigned n = 0; n < setup.entries; ++n)
                ring.buffers.push_back(memory.allocate(rings == &rx_ ? bytes : setup.longest, 64, setup.skew));
        }
}

std::uint64_t LittleDriver::word(const Ring& ring, unsigned index, unsigned n) {
    std::uint64_t value = 0;
    std::memcpy(&value, memory_.at(ring.base + index * 16 + n * 8), sizeof value);
    return value;
}

void LittleDriver::put_word(const Ring& ring, unsigned index, unsigned n, std::uint64_t value) {
    std::memcpy(memory_.at(ring.base + index * 16 + n * 8), &value, sizeof value);
}

void LittleDriver::give(Ring& ring, unsigned index) {
    put_word(ring, index, 0, ring.buffers[index]);
    put_word(ring, index, 1, 0);
}

bool LittleDriver::wait_for(std::uint64_t reg, const regs::Field& field, bool wanted) {
    for (unsigned n = 0; n < 10'000; ++n) {
        if (field.test(read(reg)) == wanted) return true;
        sim_.run_for(10 * kMicrosecond);
    }
    throw std::runtime_error("a register does not change");
}

void LittleDriver::bring_up() {
    // 9.3.3: bus mastering.
    sim_.cfg_write32(p::COMMAND, sim_.cfg_read32(p::COMMAND) | p::COMMAND_MEMORY.of(1) | p::COMMAND_BUS_MASTER.of(1));
    reset();
    start_receive();
    start_transmit();
    if (setup_.interrupt != Interrupt::polling) start_interrupts();
    wait_for(r::LINKS, r::LINKS_LINK_UP, true);  // 4.6.4.2
}

/// 4.6.3.1, 4.6.3.2.
void LittleDriver::reset() {
    write(r::EIMC, 0x7FFFFFFF);
    write(r::CTRL, r::CTRL_RST.of(1) | r::CTRL_LRST.of(1));
    wait_for(r::CTRL, r::CTRL_RST, false);
    write(r::EIMC, 0x7FFFFFFF);
    wait_for(r::EEC, r::EEC_AUTO_RD, true);
    wait_for(r::RDRXCTL, r::RDRXCTL_DMAIDONE, true);
    set(r::AUTOC, r::AUTOC_RESTART_AN.of(1));
}

/// 4.6.7; RSS over the queues, 4.6.10.1.1.
void LittleDriver::start_receive() {
    write(r::RXCTRL, 0);
    write(r::FCTRL, r::FCTRL_BAM.of(1) | r::FCTRL_UPE.of(1) | r::FCTRL_MPE.of(1));
    set(r::HLREG0, r::HLREG0_RXCRCSTRP.of(1) | r::HLREG0_JUMBOEN.of(setup_.longest > 1514));
    set(r::RDRXCTL, r::RDRXCTL_CRCSTRIP.of(1));
    if (setup_.longest > 1514) write(r::MAXFRS, r::MAXFRS_MFS.of(setup_.longest + 4));
    if (setup_.queues > 1) {
        for (unsigned n = 0; n < r::RSSRK_COUNT; ++n) write(r::RSSRK(n), 0x6D5A56DA + n * 0x01010101U);
        for (unsigned n = 0; n < r::RETA_COUNT; ++n) {
            std::uint32_t entries = 0;
            for (unsigned i = 0; i < 4; ++i) entries |= (n * 4 + i) % setup_.queues << (i * 8);
            write(r::RETA(n), entries);
        }
        write(r::RXCSUM, r::RXCSUM_PCSD.of(1));
        write(r::MRQC, r::MRQC_MRQE.of(1) | r::MRQC_IPV4.of(1) | r::MRQC_UDP_IPV4.of(1));
    }
    for (unsigned q = 0; q < setup_.queues; ++q) {
        for (unsigned n = 0; n < setup_.entries; ++n) give(rx_[q], n);
        write(r::of_rx_queue(r::RDBAL(0), q), rx_[q].base & 0xFFFFFFFF);
        write(r::of_rx_queue(r::RDBAH(0), q), rx_[q].base >> 32);
        write(r::of_rx_queue(r::RDLEN(0), q), setup_.entries * 16);
        write(r::of_rx_queue(r::SRRCTL(0), q),
              r::SRRCTL_BSIZEPACKET.of(setup_.buffer_kib) | r::SRRCTL_DESCTYPE.of(r::kDescriptorTypeAdvancedOneBuffer));
        write(r::of_rx_queue(r::RXDCTL(0), q), r::RXDCTL_ENABLE.of(1));
        wait_for(r::of_rx_queue(r::RXDCTL(0), q), r::RXDCTL_ENABLE, true);
        write(r::of_rx_queue(r::RDT(0), q), setup_.entries - 1);
    }
    write(r::RXCTRL, r::RXCTRL_RXEN.of(1));
}

/// 4.6.8.
void LittleDriver::start_transmit() {
    set(r::HLREG0, r::HLREG0_TXCRCEN.of(1) | r::HLREG0_TXPADEN.of(1));
    set(r::DMATXCTL, r::DMATXCTL_TE.of(1));
    for (unsigned q = 0; q < setup_.queues; ++q) {
        write(r::of_tx_queue(r::TDBAL(0), q), tx_[q].base & 0xFFFFFFFF);
        write(r::of_tx_queue(r::TDBAH(0), q), tx_[q].base >> 32);
        write(r::of_tx_queue(r::TDLEN(0), q), setup_.entries * 16);
        write(r::of_tx_queue(r::TXDCTL(0), q),
              r::TXDCTL_ENABLE.of(1) | r::TXDCTL_WTHRESH.of(setup_.write_back_threshold));
        wait_for(r::of_tx_queue(r::TXDCTL(0), q), r::TXDCTL_ENABLE, true);
    }
}

/// 4.6.6; 7.3.1: a vector for each queue with MSI-X, else a cause for each.
void LittleDriver::start_interrupts() {
    const bool msix = setup_.interrupt == Interrupt::msix;
    for (unsigned q = 0; q < setup_.queues; ++q) {
        const std::uint64_t both =
            r::IVAR_RX0.of(q) | r::IVAR_RX0_VALID.of(1) | r::IVAR_TX0.of(q) | r::IVAR_TX0_VALID.of(1);
        set(r::IVAR(q / 2), both << (q % 2 * 16));
        if (msix) {
            const std::uint32_t words[] = {kMessageAddress, 0, q, 0};
            for (unsigned n = 0; n < 4; ++n) sim_.mmio_write32(4, q * 16 + n * 4, words[n]);
        }
    }
    if (msix) {
        sim_.on_msi([this](std::uint64_t, std::uint32_t vector) { due_.at(vector) = true; });
        sim_.cfg_write32(p::MSIX, p::MSIX_ENABLE.of(1));
        write(r::GPIE, r::GPIE_MULTIPLE_MSIX.of(1) | r::GPIE_EIAME.of(1) | r::GPIE_PBA_SUPPORT.of(1));
        write(r::EIAC, kQueueCauses);
        write(r::EIAM_EX(0), 0xFFFFFFFF);
    } else {
        sim_.cfg_write32(p::MSIX, 0);
        write(r::GPIE, 0);
        write(r::EIAM, kQueueCauses);
    }
    const bool msi = setup_.interrupt == Interrupt::msi;
    sim_.cfg_write32(p::MSI_ADDRESS, kMessageAddress);
    sim_.cfg_write32(p::MSI, p::MSI_ENABLE.of(msi));
    if (msi) sim_.on_msi([this](std::uint64_t, std::uint32_t) { interrupted(); });
    if (setup_.interrupt == Interrupt::intx)
        sim_.on_intx([this](bool level) {
            if (level) interrupted();
        });
    read(r::EICR);
    write(r::EIMS, kQueueCauses);
}

/// 8.2.3.5.1, 8.2.3.5.6: reading the causes clears them and masks all that EIAM names.
void LittleDriver::interrupted() {
    const std::uint64_t causes = read(r::EICR);
    for (unsigned q = 0; q < setup_.queues; ++q)
        if ((causes >> q & 1) != 0) due_[q] = true;
}

void LittleDriver::rearm() {
    std::uint64_t queues = 0;
    for (unsigned q = 0; q < setup_.queues; ++q) {
        if (due_[q]) queues |= std::uint64_t{1} << q;
        due_[q] = false;
    }
    if (queues != 0) write(r::EIMS, setup_.interrupt == Interrupt::msix ? queues : kQueueCauses);
}

bool LittleDriver::send(unsigned queue, std::span<const std::uint8_t> frame) {
    Ring& ring = tx_[queue];
    while (ring.clean != ring.next) {
        const std::uint64_t done[2] = {0, word(ring, ring.clean, 1)};
        if (r::TX_WB_DD.get(done) == 0) break;
        ring.clean = (ring.clean + 1) % setup_.entries;
    }
    const unsigned after = (ring.next + 1) % setup_.entries;
    if (after == ring.clean) return false;
    std::memcpy(memory_.at(ring.buffers[ring.next]), frame.data(), frame.size());
    std::uint64_t words[2] = {ring.buffers[ring.next], 0};
    r::TX_READ_DTALEN.put(words, frame.size());
    r::TX_READ_PAYLEN.put(words, frame.size());
    r::TX_READ_DTYP.put(words, r::kDescriptorTypeAdvancedData);
    r::TX_READ_DEXT.put(words, 1);
    r::TX_READ_EOP.put(words, 1);
    r::TX_READ_IFCS.put(words, 1);
    r::TX_READ_RS.put(words, 1);
    put_word(ring, ring.next, 0, words[0]);
    put_word(ring, ring.next, 1, words[1]);
    ring.next = after;
    return true;
}

void LittleDriver::flush(unsigned queue) {
    if (tx_[queue].told == tx_[queue].next) return;
    tx_[queue].told = tx_[queue].next;
    write(r::of_tx_queue(r::TDT(0), queue), tx_[queue].next);
}

}  // namespace turnpike::test
