// SPDX-License-Identifier: Apache-2.0
// An initiator for tests: one call makes one transaction.
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <span>
#include <systemc>
#include <vector>

namespace turnpike::test {

class TestInitiator : public sc_core::sc_module {
  public:
    explicit TestInitiator(const sc_core::sc_module_name& name, unsigned register_bytes = 4)
        : sc_core::sc_module(name), socket("socket"), register_bytes_(register_bytes) {
        socket.register_invalidate_direct_mem_ptr(this, &TestInitiator::invalidated);
    }

    tlm_utils::simple_initiator_socket<TestInitiator> socket;

    sc_core::sc_time delay;  ///< before and after the last transaction; a thread waits for a read's
    std::vector<std::pair<std::uint64_t, std::uint64_t>> invalidations;

    tlm::tlm_response_status read_bytes(std::uint64_t address, std::span<std::uint8_t> data) {
        return transport(tlm::TLM_READ_COMMAND, address, data.data(), data.size());
    }
    tlm::tlm_response_status write_bytes(std::uint64_t address, std::vector<std::uint8_t> data) {
        return transport(tlm::TLM_WRITE_COMMAND, address, data.data(), data.size());
    }

    /// One register, whose access must succeed.
    std::uint64_t read(std::uint64_t address) {
        std::uint64_t value = 0;
        if (transport(tlm::TLM_READ_COMMAND, address, &value, register_bytes_) != tlm::TLM_OK_RESPONSE)
            SC_REPORT_FATAL(name(), "a register read failed");
        return value;
    }
    void write(std::uint64_t address, std::uint64_t value) {
        if (transport(tlm::TLM_WRITE_COMMAND, address, &value, register_bytes_) != tlm::TLM_OK_RESPONSE)
            SC_REPORT_FATAL(name(), "a register write failed");
    }

    static void prepare(tlm::tlm_generic_payload& payload, tlm::tlm_command command, std::uint64_t address, void* data,
                        std::size_t bytes) {
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char*>(data));
        payload.set_data_length(static_cast<unsigned>(bytes));
        payload.set_streaming_width(static_cast<unsigned>(bytes));
        payload.set_byte_enable_ptr(nullptr);
        payload.set_dmi_allowed(false);
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    }

  private:
    tlm::tlm_response_status transport(tlm::tlm_command command, std::uint64_t address, void* data, std::size_t bytes) {
        tlm::tlm_generic_payload payload;
        prepare(payload, command, address, data, bytes);
        socket->b_transport(payload, delay);
        const bool in_thread = sc_core::sc_get_current_process_handle().proc_kind() == sc_core::SC_THREAD_PROC_;
        if (in_thread && command == tlm::TLM_READ_COMMAND && delay != sc_core::SC_ZERO_TIME) {
            sc_core::wait(delay);
            delay = sc_core::SC_ZERO_TIME;
        }
        if (payload.get_address() != address) SC_REPORT_FATAL(name(), "the address was not restored");
        return payload.get_response_status();
    }
    void invalidated(sc_dt::uint64 start, sc_dt::uint64 end) { invalidations.emplace_back(start, end); }

    unsigned register_bytes_;
};

}  // namespace turnpike::test
