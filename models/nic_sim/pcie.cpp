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
/// No TLP's addresses cross such a boundary (PCI Express base specification 2.2.7).
constexpr std::uint64_t kPageBytes = 4096;

/// Cuts an access into TLPs of at most `most` bytes; calls `each(offset, bytes)`.
template <typename Each>
void cut(std::uint64_t address, unsigned bytes, unsigned most, Each each) {
    for (unsigned offset = 0; offset < bytes;) {
        const std::uint64_t to_boundary = kPageBytes - (address + offset) % kPageBytes;
        const auto piece =
            static_cast<unsigned>(std::min({std::uint64_t{bytes} - offset, std::uint64_t{most}, to_boundary}));
        each(offset, piece);
        offset += piece;
    }
}

}  // namespace

std::uint64_t tlp_mbps(unsigned generation, unsigned lanes) {
    return kLaneMbps[generation - 1] * lanes * kTlpShare / 10'000;
}

PcieHost::PcieHost(const NicSimConfig& config, HostMemory& memory, NicSimCounters& counters)
    : config_(config),
      way_ps_((config.link_latency_ns + config.root_complex_ns) * 1000),
      memory_ps_((config.llc_hit ? config.llc_ns : config.dram_ns) * 1000),
      memory_(memory),
      counters_(counters),
      up_(tlp_mbps(config.pcie_generation, config.pcie_lanes)),
      down_(tlp_mbps(config.pcie_generation, config.pcie_lanes)),
      posted_credits_({config.posted_header_credits, config.posted_data_credits}),
      request_credits_({config.non_posted_header_credits, 0}),
      tags_(config.outstanding_reads),
      access_due_("access", [this] { arrive(); }),
      completion_due_("completion", [this] { complete(); }),
      posted_due_("posted", [this] { deliver(); }),
      request_credit_due_("request_credit", [this] { send_requests(); }),
      posted_credit_due_("posted_credit", [this] { take_waiting(); }) {}

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

void PcieHost::read(nic::BusRead& read) {
    read.good = true;
    cut(read.address, read.bytes, config_.max_read_request, [&](unsigned offset, unsigned bytes) {
        requests_.push_back({&read, offset, bytes, offset + bytes == read.bytes});
    });
    send_requests();
}

/// As many as there are tags (2.2.6.2) and the root complex has credits for.
void PcieHost::send_requests() {
    while (!requests_.empty() && tags_ != 0) {
        if (!request_credits_.admits({1, 0}, now_ps())) return request_credit_due_.at(request_credits_.next_ps());
        --tags_;
        const std::uint64_t at_ps = to_host(1, kReadTlpBytes) + way_ps_;
        request_credits_.take({1, 0}, at_ps + config_.link_latency_ns * 1000);
        const Request& next = requests_.front();
        queue({at_ps, Kind::request, next.read->address + next.offset, next});
        requests_.pop_front();
    }
}

Credits PcieHost::cost(const nic::BusWrite& write) const {
    Credits cost;
    cut(write.address, write.bytes, config_.max_payload, [&](unsigned, unsigned bytes) {
        ++cost.headers;
        cost.data += (bytes + kCreditBytes - 1) / kCreditBytes;
    });
    return cost;
}

bool PcieHost::write(nic::BusWrite& write) {
    const Credits needed = cost(write);
    if (writes_.empty() && posted_credits_.admits(needed, now_ps())) {
        take(write, needed);
        return true;
    }
    writes_.push_back(&write);
    posted_credit_due_.at(std::max(posted_credits_.next_ps(), now_ps()));
    return false;
}

void PcieHost::take(nic::BusWrite& write, const Credits& cost) {
    const std::uint64_t at_ps = to_host(cost.headers, cost.headers * kWriteTlpBytes + write.bytes) + way_ps_;
    posted_credits_.take(cost, at_ps + config_.link_latency_ns * 1000);
    write.good = true;
    write.visible_ps = at_ps;
    std::vector<std::uint8_t> data;
    if (!spare_.empty()) {
        data = std::move(spare_.back());
        spare_.pop_back();
    }
    const auto* bytes = static_cast<const std::uint8_t*>(write.data);
    data.assign(bytes, bytes + write.bytes);
    queue({at_ps, write.message ? Kind::message : Kind::write, write.address, {}, write.source, std::move(data)});
}

void PcieHost::take_waiting() {
    while (!writes_.empty()) {
        nic::BusWrite& next = *writes_.front();
        const Credits needed = cost(next);
        if (!posted_credits_.admits(needed, now_ps())) return posted_credit_due_.at(posted_credits_.next_ps());
        take(next, needed);
        writes_.pop_front();
        next.then.resume();
    }
}

void PcieHost::queue(Access access) {
    accesses_.push_back(std::move(access));
    if (accesses_.size() == 1) access_due_.at(accesses_.front().at_ps);
}

void PcieHost::arrive() {
    while (!accesses_.empty() && accesses_.front().at_ps <= now_ps()) {
        Access access = std::move(accesses_.front());
        accesses_.pop_front();
        serve(access);
    }
    if (!accesses_.empty()) access_due_.at(accesses_.front().at_ps);
}

void PcieHost::serve(Access& access) {
    if (access.kind == Kind::request) return serve_request(access);
    if (access.kind == Kind::write) {
        serve_write(access);
    } else {
        ++counters_.messages;
        std::uint32_t data = 0;
        std::memcpy(&data, access.data.data(), sizeof data);
        if (message_) message_(access.address, data);
    }
    spare_.push_back(std::move(access.data));
}

/// Completions end at multiples of the read completion boundary (2.3.1.1), the last with the data.
void PcieHost::serve_request(const Access& access) {
    const Request& request = access.request;
    ++counters_.dma_reads;
    counters_.dma_read_bytes += request.bytes;
    auto* data = static_cast<std::uint8_t*>(request.read->data) + request.offset;
    const bool good = memory_.read(access.address, data, request.bytes);
    std::uint64_t completions = 1;
    if (good) {
        const auto first =
            static_cast<unsigned>(config_.max_payload - access.address % config_.read_completion_boundary);
        if (request.bytes > first)
            completions += (request.bytes - first + config_.max_payload - 1) / config_.max_payload;
    } else {
        ++counters_.dma_errors;
    }
    const std::uint64_t sent_ps =
        to_device(now_ps() + memory_ps_, completions, completions * kCompletionTlpBytes + (good ? request.bytes : 0));
    completions_.push_back({sent_ps + way_ps_, request, good});
    if (completions_.size() == 1) completion_due_.at(completions_.front().at_ps);
}

/// The device hears of an error at once: how the host tells it is not modelled.
void PcieHost::serve_write(const Access& access) {
    ++counters_.dma_writes;
    counters_.dma_written_bytes += access.data.size();
    if (memory_.write(access.address, access.data.data(), access.data.size())) return;
    ++counters_.dma_errors;
    if (access.source.owner != nullptr)
        access.source.owner->write_refused(access.source.queue, access.source.generation);
}

void PcieHost::complete() {
    while (!completions_.empty() && completions_.front().at_ps <= now_ps()) {
        const Completion done = completions_.front();
        completions_.pop_front();
        ++tags_;
        nic::BusRead& read = *done.request.read;
        if (!done.good) read.good = false;
        if (done.request.last) read.then.resume();
        send_requests();
    }
    if (!completions_.empty()) completion_due_.at(completions_.front().at_ps);
}

void PcieHost::post(unsigned number, std::uint64_t offset, std::uint32_t value) {
    const std::uint64_t sent_ps = to_device(now_ps(), 1, kWriteTlpBytes + sizeof value);
    posted_.push_back({sent_ps + way_ps_, number, offset, value});
    if (posted_.size() == 1) posted_due_.at(posted_.front().at_ps);
}

void PcieHost::deliver() {
    while (!posted_.empty() && posted_.front().at_ps <= now_ps()) {
        const Posted next = posted_.front();
        posted_.pop_front();
        if (nic_->config().memory_enabled()) nic_->bar_write(next.bar, next.offset, next.value);
    }
    if (!posted_.empty()) posted_due_.at(posted_.front().at_ps);
}

std::uint64_t PcieHost::request(std::uint64_t data_bytes) {
    return to_device(now_ps(), 1, kReadTlpBytes + data_bytes) + way_ps_;
}

std::uint64_t PcieHost::answer(std::uint64_t data_bytes) {
    return to_host(1, kCompletionTlpBytes + data_bytes) + way_ps_;
}

}  // namespace turnpike
