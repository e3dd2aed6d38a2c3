// SPDX-License-Identifier: Apache-2.0
// Round numbers for hand-computed times: initiators are 250 ns away at 1 byte/ns, targets 10 ns at 2 bytes/ns; memory
// answers after 70 ns. A packet is its data and a header of 12 bytes.
#pragma once
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

#include "models/core/clock.h"
#include "models/core/diagnosis.h"
#include "models/fabric/dram.h"
#include "models/fabric/fabric.h"
#include "tests/core/test_initiator.h"

namespace turnpike::test {

inline sc_core::sc_time ns(std::uint64_t value) { return from_ps(value * 1000); }
inline Path initiator_path() { return {ns(250), 8000}; }
inline Path target_path() { return {ns(10), 16000}; }

inline regs::params::dram one_mebibyte() {
    regs::params::dram params;
    params.size_mib = 1;
    params.latency_ns = 70;
    return params;
}

/// A target that records what reaches it, and may take its time.
class Recorder : public sc_core::sc_module {
  public:
    struct Entry {
        std::uint64_t at_ps;
        bool is_write;
        std::uint64_t address;
        std::vector<std::uint8_t> bytes;
    };
    explicit Recorder(const sc_core::sc_module_name& name, sc_core::sc_time busy = sc_core::SC_ZERO_TIME)
        : sc_core::sc_module(name), socket("socket"), busy_(busy) {
        socket.register_b_transport(this, &Recorder::b_transport);
    }
    tlm_utils::simple_target_socket<Recorder> socket;
    std::vector<Entry> entries;
    tlm::tlm_response_status answer = tlm::TLM_OK_RESPONSE;

  private:
    void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time&) {
        if (busy_ != sc_core::SC_ZERO_TIME) sc_core::wait(busy_);
        const unsigned char* data = payload.get_data_ptr();
        entries.push_back(
            {now_ps(), payload.is_write(), payload.get_address(), {data, data + payload.get_data_length()}});
        payload.set_response_status(answer);
    }
    sc_core::sc_time busy_;
};

/// A fabric with one memory at 1 MiB and as many initiators as the test wants; each runs a program in its own thread.
class Bench {
  public:
    static constexpr std::uint64_t kBase = 0x100000;

    explicit Bench(std::uint64_t posted_bytes = Fabric::kPostedBytes) : fabric("fabric", posted_bytes) {
        fabric.add_target("dram", kBase, memory.size(), target_path(), Service::immediate).bind(memory.socket);
    }

    TestInitiator& initiator(const char* name, Path path = initiator_path(),
                             Ordering ordering = Ordering::all_targets) {
        initiators_.push_back(std::make_unique<TestInitiator>(name));
        initiators_.back()->socket.bind(fabric.add_initiator(name, path, ordering));
        return *initiators_.back();
    }
    void program(std::function<void()> body) {
        ++programs_;
        sc_core::sc_spawn([this, body = std::move(body)] {
            body();
            ++ended_;
        });
    }
    /// Lets everything happen; false when a program did not come to its end.
    bool run() {
        sc_core::sc_start();
        return programs_ == ended_;
    }

    Fabric fabric;
    Dram memory{"memory", one_mebibyte()};

  private:
    std::vector<std::unique_ptr<TestInitiator>> initiators_;
    unsigned programs_ = 0;
    unsigned ended_ = 0;
};

inline std::vector<std::uint8_t> bytes(std::size_t count, std::uint8_t value) {
    return std::vector<std::uint8_t>(count, value);
}

}  // namespace turnpike::test
