// SPDX-License-Identifier: Apache-2.0
#include "tests/nic_sim/pcie_load.h"

#include <vector>

#include "models/core/process.h"
#include "models/nic/dma.h"
#include "models/nic_sim/pcie.h"
#include "tests/nic_sim/little_driver.h"

namespace turnpike::test {
namespace {

constexpr unsigned kAtOnce = 128;  ///< more than there are tags
constexpr std::uint64_t kWarmUpPs = 10'000'000, kMeasuredPs = 100'000'000;
constexpr std::uint64_t kPage = 4096;

class Device {
  public:
    Device(nic::Dma& dma, Load load, unsigned bytes) : dma_(dma), bytes_(bytes) {
        for (unsigned n = 0; n < kAtOnce; ++n) processes_.push_back(run(load, Memory::kBase + n * kPage));
    }
    std::uint64_t moved() const { return moved_; }

  private:
    Process run(Load load, std::uint64_t address) {
        std::vector<std::uint8_t> data(bytes_);
        for (;;) {
            if (load != Load::read) co_await dma_.write(address, data.data(), bytes_, {});
            if (load != Load::write) co_await dma_.read(address, data.data(), bytes_);
            if (load == Load::write) co_await Pause{*this};
            moved_ += bytes_;
        }
    }
    /// A write is taken at once while there are credits; others have their turn, and time goes on.
    struct Pause {
        Device& device;
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> process) {
            device.paused_.push_back(process);
            device.go_on_.at(now_ps() + 1);
        }
        void await_resume() const {}
    };
    void go_on() {
        std::vector<std::coroutine_handle<>> paused;
        paused.swap(paused_);
        for (const auto process : paused) process.resume();
    }

    nic::Dma& dma_;
    unsigned bytes_;
    std::uint64_t moved_ = 0;
    std::vector<std::coroutine_handle<>> paused_;
    Alarm go_on_{"go_on", [this] { go_on(); }};
    std::vector<Process> processes_;
};

std::uint64_t pieces(std::uint64_t bytes, std::uint64_t most) { return (bytes + most - 1) / most; }

}  // namespace

double measured_gbps(const NicSimConfig& config, Load load, unsigned bytes) {
    Agenda agenda;
    Memory memory(kAtOnce * kPage);
    NicSimCounters counters;
    PcieHost host(config, memory, counters);
    nic::Dma dma(host);
    dma.set_allowed(true);
    const Device device(dma, load, bytes);
    const bool never = false;
    agenda.run_to(kWarmUpPs, never);
    const std::uint64_t before = device.moved();
    agenda.run_to(kWarmUpPs + kMeasuredPs, never);
    return static_cast<double>(device.moved() - before) * 8 * 1000 / kMeasuredPs;
}

double published_gbps(Load load, unsigned bytes, unsigned max_payload, unsigned max_read_request) {
    constexpr double kTlpGbps = 57.88;
    const std::uint64_t writes = bytes + 24 * pieces(bytes, max_payload);
    const std::uint64_t requests = 24 * pieces(bytes, max_read_request);
    const std::uint64_t completions = bytes + 20 * pieces(bytes, max_payload);
    const std::uint64_t on_link = load == Load::write ? writes : load == Load::read ? completions : writes + requests;
    return kTlpGbps * bytes / static_cast<double>(on_link);
}

NicSimConfig without_waiting() {
    NicSimConfig config;
    config.outstanding_reads = 256;
    config.non_posted_header_credits = 256;
    return config;
}

}  // namespace turnpike::test
