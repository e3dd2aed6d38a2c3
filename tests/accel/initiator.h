// SPDX-License-Identifier: Apache-2.0
// A bus master for tests: runs functions as SC_THREADs that read and write through its socket.
#pragma once
#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm>

#include <cstring>
#include <functional>
#include <systemc>

#include "models/core/clock.h"

namespace turnpike {

class Initiator : public sc_core::sc_module {
  public:
    struct Answer {
        std::uint64_t data;
        tlm::tlm_response_status status;
    };
    tlm_utils::simple_initiator_socket<Initiator> socket;
    sc_core::sc_time ahead;  ///< of simulated time, at each call

    explicit Initiator(sc_core::sc_module_name name) : sc_module(name), socket("socket") {}

    void thread(std::function<void()> body) { sc_core::sc_spawn(std::move(body)); }

    Answer read_raw(std::uint64_t address, unsigned bytes) {
        std::uint64_t data = 0;
        const auto status = access(tlm::TLM_READ_COMMAND, address, &data, bytes);
        return {data, status};
    }
    tlm::tlm_response_status write_raw(std::uint64_t address, std::uint64_t data, unsigned bytes) {
        return access(tlm::TLM_WRITE_COMMAND, address, &data, bytes);
    }
    /// The accesses of a driver: the whole register, and it must answer.
    std::uint64_t read(std::uint64_t address, unsigned bytes = 8) {
        const Answer answer = read_raw(address, bytes);
        EXPECT_EQ(answer.status, tlm::TLM_OK_RESPONSE);
        return answer.data;
    }
    void write(std::uint64_t address, std::uint64_t data) {
        EXPECT_EQ(write_raw(address, data, 8), tlm::TLM_OK_RESPONSE);
    }

  private:
    tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t address, void* data, unsigned bytes) {
        tlm::tlm_generic_payload payload;
        payload.set_command(command);
        payload.set_address(address);
        payload.set_data_ptr(static_cast<unsigned char*>(data));
        payload.set_data_length(bytes);
        payload.set_streaming_width(bytes);
        payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
        sc_core::sc_time delay = ahead;
        socket->b_transport(payload, delay);
        if (delay != sc_core::SC_ZERO_TIME) sc_core::wait(delay);
        return payload.get_response_status();
    }
};

/// Sleeps, in a thread, until `ns` nanoseconds after the start.
inline void wait_until_ns(std::uint64_t ns) {
    const std::uint64_t then = ns * 1000;
    if (then > now_ps()) sc_core::wait(from_ps(then - now_ps()));
}

}  // namespace turnpike
