// SPDX-License-Identifier: Apache-2.0
#include "models/fabric/dram.h"

#include <fmt/core.h>
#include <sys/mman.h>

#include <cstring>
#include <stdexcept>

#include "models/core/clock.h"

namespace turnpike {

Dram::Dram(const sc_core::sc_module_name& name, const regs::params::dram& params)
    : sc_core::sc_module(name),
      socket("socket"),
      size_(params.size_mib << 20),
      latency_(from_ps(params.latency_ns * 1000)),
      data_(nullptr) {
    // Anonymous pages are zero and cost nothing until they are touched.
    void* pages = MAP_FAILED;
    if (size_ != 0 && size_ >> 20 == params.size_mib)
        pages = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED)
        throw std::runtime_error(fmt::format("dram.size_mib = {}: the host cannot provide this", params.size_mib));
    // Code and data of firmware lie far apart: fewer entries of the host's TLB. A host without huge pages refuses.
    madvise(pages, size_, MADV_HUGEPAGE);
    data_ = static_cast<std::uint8_t*>(pages);
    socket.register_b_transport(this, &Dram::b_transport);
    socket.register_transport_dbg(this, &Dram::transport_dbg);
    socket.register_get_direct_mem_ptr(this, &Dram::get_direct_mem_ptr);
}

Dram::~Dram() { munmap(data_, size_); }

bool Dram::contains(const tlm::tlm_generic_payload& payload) const {
    return payload.get_address() < size_ && payload.get_data_length() <= size_ - payload.get_address();
}

void Dram::move(tlm::tlm_generic_payload& payload) {
    std::uint8_t* memory = data_ + payload.get_address();
    std::uint8_t* data = payload.get_data_ptr();
    const unsigned length = payload.get_data_length();
    std::uint8_t* to = payload.is_read() ? data : memory;
    const std::uint8_t* from = payload.is_read() ? memory : data;
    const unsigned char* enables = payload.get_byte_enable_ptr();
    if (enables == nullptr) {
        std::memcpy(to, from, length);
        return;
    }
    const unsigned period = payload.get_byte_enable_length();
    for (unsigned i = 0; i < length; ++i)
        if (enables[i % period] == TLM_BYTE_ENABLED) to[i] = from[i];
}

void Dram::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    if (!contains(payload)) {
        payload.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        return;
    }
    if (payload.get_streaming_width() < payload.get_data_length()) {
        payload.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
        return;
    }
    if (payload.get_byte_enable_ptr() != nullptr && payload.get_byte_enable_length() == 0) {
        payload.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
        return;
    }
    if (payload.is_read())
        delay += latency_;
    else if (!payload.is_write()) {
        payload.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
        return;
    }
    move(payload);
    if (payload.is_write() && observer_) observer_(payload.get_address(), payload.get_data_length());
    payload.set_dmi_allowed(true);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

unsigned Dram::transport_dbg(tlm::tlm_generic_payload& payload) {
    if (!contains(payload) || !(payload.is_read() || payload.is_write())) return 0;
    std::uint8_t* memory = data_ + payload.get_address();
    if (payload.is_read())
        std::memcpy(payload.get_data_ptr(), memory, payload.get_data_length());
    else
        std::memcpy(memory, payload.get_data_ptr(), payload.get_data_length());
    if (payload.is_write() && observer_) observer_(payload.get_address(), payload.get_data_length());
    return payload.get_data_length();
}

bool Dram::get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) {
    dmi.allow_read_write();
    dmi.set_dmi_ptr(data_);
    dmi.set_start_address(0);
    dmi.set_end_address(size_ - 1);
    dmi.set_read_latency(latency_);
    dmi.set_write_latency(sc_core::SC_ZERO_TIME);
    return true;
}

}  // namespace turnpike
