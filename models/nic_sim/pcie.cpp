// SPDX-License-Identifier: Apache-2.0
#include "models/nic_sim/pcie.h"

#include <algorithm>
#include <cstring>

#include "models/core/clock.h"

namespace turnpike {
namespace {

/// Gigatransfers a second in Mbit/s of a lane after its line code: 8b/10b, from generation 3 on 128b/130b (PCI Express
/// base specification 4.2).
constexpr std::uint64_t kLaneMbps[] = {2000, 4000, 7877, 15754};
/// What acknowledgements and flow control leave to TLPs, in 1/10,000: 57.88 of 63.02 Gbit/s (SIGCOMM 2018, section 3).
constexpr std::uint64_t kTlpShare = 9184;

std::uint64_t pieces(std::uint64_t bytes, std::uint64_t most) { return (bytes + most - 1) / most; }

}  // namespace

std::uint64_t tlp_mbps(unsigned generation, unsigned lanes) {
    return kLaneMbps[generation - 1] * lanes * kTlpShare / 10'000;
}

PcieHost::PcieHost(const sc_core::sc_module_name& name, const NicSimConfig& config, HostMemory& memory,
                   NicSimCounters& counters)
    : sc_module(name),
      dma("dma"),
      bar("bar"),
      config_(config),
      memory_(memory),
      counters_(counters),
      up_(tlp_mbps(config.pcie_generation, config.pcie_lanes)),
      down_(tlp_mbps(config.pcie_generation, config.pcie_lanes)) {
    SC_HAS_PROCESS(PcieHost);
    dma.register_b_transport(this, &PcieHost::b_transport);
    SC_METHOD(arrive);
    sensitive << access_due_;
    dont_initialize();
    SC_METHOD(deliver);
    sensitive << posted_due_;
    dont_initialize();
}

std::uint64_t PcieHost::to_host(std::uint64_t tlps, std::uint64_t bytes) {
    counters_.tlps_to_host += tlps;
    counters_.bytes_to_host += bytes;
    return up_.reserve(now_ps(), bytes);
}

std::uint64_t PcieHost::to_device(std::uint64_t ready_ps, std::uint64_t tlps, std::uint64_t bytes) {
    counters_.tlps_to_device += tlps;
    counters_.bytes_to_device += bytes;
    return down_.reserve(ready_ps, bytes);
}

void PcieHost::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (payload.is_read())
        read(payload);
    else
        write(payload, delay);
}

void PcieHost::read(tlm::tlm_generic_payload& payload) {
    const std::uint64_t requests = pieces(payload.get_data_length(), config_.max_read_request);
    const std::uint64_t sent_ps = to_host(requests, requests * kReadTlpBytes);
    if (events_.empty()) events_.push_back(std::make_unique<sc_core::sc_event>());
    std::unique_ptr<sc_core::sc_event> event = std::move(events_.back());
    events_.pop_back();
    queue({sent_ps + config_.link_latency_ns * 1000, payload.get_address(), false, {}, &payload, event.get()});
    sc_core::wait(*event);
    events_.push_back(std::move(event));
}

/// Waits while the link is further behind than the posted credits allow.
void PcieHost::write(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    const std::uint64_t bytes = payload.get_data_length();
    const std::uint64_t tlps = pieces(bytes, config_.max_payload);
    const std::uint64_t sent_ps = to_host(tlps, tlps * kWriteTlpBytes + bytes);
    std::vector<std::uint8_t> data;
    if (!spare_.empty()) {
        data = std::move(spare_.back());
        spare_.pop_back();
    }
    data.assign(payload.get_data_ptr(), payload.get_data_ptr() + bytes);
    const std::uint64_t at_ps = sent_ps + config_.link_latency_ns * 1000;
    const bool message = payload.get_extension<nic::MessageMark>() != nullptr;
    queue({at_ps, payload.get_address(), message, std::move(data), nullptr, nullptr});
    const std::uint64_t window_ps =
        Rate::bytes_at_mbps(tlp_mbps(config_.pcie_generation, config_.pcie_lanes)).ps_ceil(kPostedBytes);
    if (sent_ps > now_ps() + window_ps) sc_core::wait(from_ps(sent_ps - now_ps() - window_ps));
    delay = from_ps(at_ps - now_ps());
}

void PcieHost::queue(Access access) {
    accesses_.push_back(std::move(access));
    if (accesses_.size() == 1) access_due_.notify(from_ps(accesses_.front().at_ps - now_ps()));
}

void PcieHost::arrive() {
    while (!accesses_.empty() && accesses_.front().at_ps <= now_ps()) {
        Access access = std::move(accesses_.front());
        accesses_.pop_front();
        serve(access);
    }
    if (!accesses_.empty()) access_due_.notify(from_ps(accesses_.front().at_ps - now_ps()));
}

void PcieHost::serve(Access& access) {
    if (access.payload != nullptr) {
        const unsigned bytes = access.payload->get_data_length();
        ++counters_.dma_reads;
        counters_.dma_read_bytes += bytes;
        const bool good = memory_.read(access.address, access.payload->get_data_ptr(), bytes);
        if (!good) {
            ++counters_.dma_errors;
            access.payload->set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
        }
        const std::uint64_t completions = pieces(bytes, config_.max_payload);
        const std::uint64_t sent_ps = to_device(now_ps() + config_.memory_ns * 1000, completions,
                                                completions * kCompletionTlpBytes + (good ? bytes : 0));
        access.wake->notify(from_ps(sent_ps + config_.link_latency_ns * 1000 - now_ps()));
        return;
    }
    if (access.is_message) {
        ++counters_.messages;
        std::uint32_t data = 0;
        std::memcpy(&data, access.data.data(), sizeof data);
        if (message_) message_(access.address, data);
    } else {
        ++counters_.dma_writes;
        counters_.dma_written_bytes += access.data.size();
        if (!memory_.write(access.address, access.data.data(), access.data.size())) ++counters_.dma_errors;
    }
    spare_.push_back(std::move(access.data));
}

void PcieHost::post(unsigned number, std::uint64_t offset, std::uint32_t value) {
    const std::uint64_t sent_ps = to_device(now_ps(), 1, kWriteTlpBytes + sizeof value);
    posted_.push_back({sent_ps + config_.link_latency_ns * 1000, number, offset, value});
    if (posted_.size() == 1) posted_due_.notify(from_ps(posted_.front().at_ps - now_ps()));
}

void PcieHost::deliver() {
    while (!posted_.empty() && posted_.front().at_ps <= now_ps()) {
        const Posted next = posted_.front();
        posted_.pop_front();
        if (nic_->config().memory_enabled()) nic_->bar_write(next.bar, next.offset, next.value);
    }
    if (!posted_.empty()) posted_due_.notify(from_ps(posted_.front().at_ps - now_ps()));
}

std::uint64_t PcieHost::request(std::uint64_t data_bytes) {
    return to_device(now_ps(), 1, kReadTlpBytes + data_bytes) + config_.link_latency_ns * 1000;
}

std::uint64_t PcieHost::answer(std::uint64_t data_bytes) {
    return to_host(1, kCompletionTlpBytes + data_bytes) + config_.link_latency_ns * 1000;
}

}  // namespace turnpike
