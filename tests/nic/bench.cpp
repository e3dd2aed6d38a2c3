// SPDX-License-Identifier: Apache-2.0
#include "tests/nic/bench.h"

#include <algorithm>
#include <cstring>

namespace turnpike {

TestMemory::TestMemory(const sc_core::sc_module_name& name) : sc_module(name), socket("socket") {
    SC_HAS_PROCESS(TestMemory);
    socket.register_b_transport(this, &TestMemory::b_transport);
    SC_METHOD(apply);
    sensitive << due_;
    dont_initialize();
}

std::uint64_t TestMemory::quadword(std::uint64_t address) const {
    std::uint64_t value = 0;
    std::memcpy(&value, &bytes[address], sizeof value);
    return value;
}

void TestMemory::set_quadword(std::uint64_t address, std::uint64_t value) {
    std::memcpy(&bytes[address], &value, sizeof value);
}

void TestMemory::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const std::uint64_t address = payload.get_address();
    const unsigned length = payload.get_data_length();
    if (address >= kBytes || kBytes - address < length) {
        if (payload.is_read()) sc_core::wait(from_ps(read_ps));
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (payload.is_read()) {
        ++reads;
        sc_core::wait(from_ps(read_ps));
        std::memcpy(payload.get_data_ptr(), &bytes[address], length);
    } else {
        posted_.push_back({now_ps() + write_ps, address,
                           std::vector<std::uint8_t>(payload.get_data_ptr(), payload.get_data_ptr() + length)});
        if (posted_.size() == 1) due_.notify(from_ps(write_ps));
        delay += from_ps(write_ps);
    }
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

void TestMemory::apply() {
    while (!posted_.empty() && posted_.front().at_ps <= now_ps()) {
        const Posted& write = posted_.front();
        std::copy(write.data.begin(), write.data.end(), bytes.begin() + static_cast<std::ptrdiff_t>(write.address));
        posted_.pop_front();
    }
    if (!posted_.empty()) due_.notify(from_ps(posted_.front().at_ps - now_ps()));
}

void TestObserver::stored(FrameId frame, std::uint64_t address, std::uint64_t visible_ps) {
    addresses[frame] = address;
    stored_ps[frame] = visible_ps;
}

FrameId TestObserver::fetched(unsigned, std::uint64_t address) {
    fetches.push_back(address);
    return static_cast<FrameId>(fetches.size() + 999);
}

Bench::Bench(const regs::params::nic& params, std::uint64_t rate_mbps, const sc_core::sc_module_name& name)
    : sc_module(name),
      memory("memory"),
      out("out", rate_mbps, 0, sink),
      nic("eth0", 0, params, regs::params::pcie{}, kPortMac, rate_mbps, observer),
      line("line"),
      core("core") {
    core.bind(nic.bar0);
    nic.dma.bind(memory.socket);
    nic.intx.bind(line);
    nic.connect(out);
    nic.config().write(regs::nic_pci::COMMAND,
                       regs::nic_pci::COMMAND_BUS_MASTER.of(1) | regs::nic_pci::COMMAND_MEMORY.of(1));
}

void Bench::begin() {
    if (sc_core::sc_get_status() == sc_core::SC_ELABORATION) sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

void Bench::arrive(Frame frame) {
    begin();
    nic.receive(std::move(frame));
}

std::uint32_t Bench::read(std::uint64_t reg) {
    begin();
    std::uint32_t value = 0;
    tlm::tlm_generic_payload payload;
    payload.set_read();
    payload.set_address(reg);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    core->b_transport(payload, delay);
    return value;
}

void Bench::write(std::uint64_t reg, std::uint64_t value) {
    begin();
    auto word = static_cast<std::uint32_t>(value);
    tlm::tlm_generic_payload payload;
    payload.set_write();
    payload.set_address(reg);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&word));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    core->b_transport(payload, delay);
}

void Bench::give_rx_descriptor(unsigned index) {
    memory.set_quadword(kRxRing + index * 16, kRxBuffers + index * kBufferBytes);
    memory.set_quadword(kRxRing + index * 16 + 8, 0);
}

void Bench::start_rx(unsigned entries, unsigned given) {
    for (unsigned n = 0; n < entries; ++n) give_rx_descriptor(n);
    write(r::FCTRL, r::FCTRL_BAM.of(1));
    write(r::RDBAL(0), kRxRing);
    write(r::RDLEN(0), entries * 16);
    write(r::SRRCTL(0), r::SRRCTL_BSIZEPACKET.of(2) | r::SRRCTL_DESCTYPE.of(1));
    write(r::RXDCTL(0), r::RXDCTL_ENABLE.of(1));
    write(r::RDT(0), given);
    write(r::RXCTRL, r::RXCTRL_RXEN.of(1));
}

void Bench::start_rx_queue(unsigned queue) {
    const std::uint64_t ring = kQueueRings + queue * kQueueEntries * 16;
    for (unsigned n = 0; n < kQueueEntries; ++n) {
        memory.set_quadword(ring + n * 16, kQueueBuffers + (queue * kQueueEntries + n) * kBufferBytes);
        memory.set_quadword(ring + n * 16 + 8, 0);
    }
    const auto at = [queue](std::uint64_t first) { return r::of_rx_queue(first, queue); };
    set(r::FCTRL, r::FCTRL_BAM.of(1));
    write(at(r::RDBAL(0)), ring);
    write(at(r::RDLEN(0)), kQueueEntries * 16);
    write(at(r::SRRCTL(0)), r::SRRCTL_BSIZEPACKET.of(2) | r::SRRCTL_DESCTYPE.of(1));
    write(at(r::RXDCTL(0)), r::RXDCTL_ENABLE.of(1));
    write(at(r::RDT(0)), kQueueEntries - 1);
    write(r::RXCTRL, r::RXCTRL_RXEN.of(1));
}

void Bench::start_tx(unsigned entries) {
    set(r::HLREG0, r::HLREG0_TXPADEN.of(1));
    set(r::DMATXCTL, r::DMATXCTL_TE.of(1));
    write(r::TDBAL(0), kTxRing);
    write(r::TDLEN(0), entries * 16);
    write(r::TXDCTL(0), r::TXDCTL_ENABLE.of(1));
}

void Bench::enable_interrupts(std::uint32_t interval) {
    write(r::IVAR(0), r::IVAR_RX0_VALID.of(1) | r::IVAR_TX0.of(1) | r::IVAR_TX0_VALID.of(1));
    write(r::EITR(0), interval);
    write(r::EIMS, 3);
}

void Bench::put_tx(unsigned index, std::span<const std::uint8_t> data, bool eop) {
    const std::uint64_t address = kTxBuffers + index * kBufferBytes;
    std::copy(data.begin(), data.end(), memory.bytes.begin() + static_cast<std::ptrdiff_t>(address));
    std::uint64_t words[2] = {address, 0};
    r::TX_READ_DTALEN.put(words, data.size());
    r::TX_READ_PAYLEN.put(words, data.size());
    r::TX_READ_DTYP.put(words, 3);
    r::TX_READ_DEXT.put(words, 1);
    r::TX_READ_EOP.put(words, eop);
    r::TX_READ_IFCS.put(words, 1);
    r::TX_READ_RS.put(words, 1);
    memory.set_quadword(kTxRing + index * 16, words[0]);
    memory.set_quadword(kTxRing + index * 16 + 8, words[1]);
}

std::uint64_t Bench::descriptor_field(std::uint64_t address, const r::DescriptorField& field) const {
    const std::uint64_t words[2] = {memory.quadword(address), memory.quadword(address + 8)};
    return field.get(words);
}

std::uint64_t Bench::rx_descriptor(unsigned index, const r::DescriptorField& field) const {
    return descriptor_field(kRxRing + index * 16, field);
}

std::uint64_t Bench::queue_descriptor(unsigned queue, unsigned index, const r::DescriptorField& field) const {
    return descriptor_field(kQueueRings + (queue * kQueueEntries + index) * 16, field);
}

std::uint64_t Bench::tx_descriptor(unsigned index, const r::DescriptorField& field) const {
    return descriptor_field(kTxRing + index * 16, field);
}

std::span<const std::uint8_t> Bench::rx_buffer(unsigned index, std::size_t bytes) const {
    return std::span(memory.bytes).subspan(kRxBuffers + index * kBufferBytes, bytes);
}

std::uint64_t Bench::statistic(const std::string& name) const {
    for (const auto& [key, value] : nic.statistics())
        if (key == name) return value;
    return ~std::uint64_t{0};
}

Frame make_frame(FrameId id, std::size_t bytes, std::array<std::uint8_t, 6> to) {
    Frame frame;
    frame.id = id;
    frame.bytes.resize(bytes);
    for (std::size_t i = 0; i < bytes; ++i) frame.bytes[i] = static_cast<std::uint8_t>(i + id * 37);
    const std::uint8_t header[] = {to[0], to[1], to[2], to[3], to[4], to[5], 2, 0, 0, 0, 0, 0x99, 0x88, 0xB5};
    std::copy_n(header, std::min(sizeof header, bytes), frame.bytes.begin());
    return frame;
}

}  // namespace turnpike
