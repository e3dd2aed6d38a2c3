// SPDX-License-Identifier: Apache-2.0
// The fabric's ports and address map, and the accesses that take no simulated time.
#include "models/fabric/fabric.h"

#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

#include "models/core/diagnosis.h"
#include "models/fabric/ports.h"

namespace turnpike {
namespace {

/// Makes the sockets children of the fabric, whoever adds them.
class ChildOf {
  public:
    explicit ChildOf(sc_core::sc_module* module) { sc_core::sc_get_curr_simcontext()->hierarchy_push(module); }
    ~ChildOf() { sc_core::sc_get_curr_simcontext()->hierarchy_pop(); }
    ChildOf(const ChildOf&) = delete;
    ChildOf& operator=(const ChildOf&) = delete;
};

void check_bandwidth(const std::string& name, const Path& path) {
    if (path.mbps == 0) throw std::invalid_argument(fmt::format("fabric: {}: a bandwidth of 0", name));
}

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::size_t kMaxReports = 256;  ///< pages; a guest that runs wild is counted on, but told no more

}  // namespace

Fabric::Fabric(const sc_core::sc_module_name& name, std::uint64_t posted_bytes)
    : sc_core::sc_module(name), posted_bytes_(posted_bytes), wake_("wake") {
    SC_HAS_PROCESS(Fabric);
    SC_METHOD(dispatch);
    sensitive << wake_;
    dont_initialize();
}

Fabric::~Fabric() = default;

Fabric::InitiatorSocket& Fabric::add_initiator(const std::string& name, const Path& path, Ordering ordering,
                                               Answer answer) {
    check_bandwidth(name, path);
    const ChildOf scope(this);
    const auto id = static_cast<int>(initiators_.size());
    initiators_.push_back(std::make_unique<Initiator>(name, static_cast<unsigned>(initiators_.size()), path, ordering,
                                                      answer, posted_bytes_));
    InitiatorSocket& socket = initiators_.back()->socket;
    socket.register_b_transport(this, &Fabric::b_transport, id);
    socket.register_transport_dbg(this, &Fabric::transport_dbg, id);
    socket.register_get_direct_mem_ptr(this, &Fabric::get_direct_mem_ptr, id);
    return socket;
}

Fabric::TargetSocket& Fabric::add_target(const std::string& name, std::uint64_t base, std::uint64_t bytes,
                                         const Path& path, Service service) {
    check_bandwidth(name, path);
    if (bytes == 0 || base + (bytes - 1) < base)
        throw std::invalid_argument(fmt::format("fabric: {}: a window of {:#x} bytes at {:#x}", name, bytes, base));
    for (const Target* other : by_base_) {
        if (base <= other->base + (other->bytes - 1) && other->base <= base + (bytes - 1))
            throw std::invalid_argument(fmt::format("fabric: {} at {:#x} overlaps {} at {:#x}", name, base,
                                                    other->statistics.name, other->base));
    }
    const ChildOf scope(this);
    const auto id = static_cast<int>(targets_.size());
    targets_.push_back(
        std::make_unique<Target>(name, static_cast<unsigned>(targets_.size()) + 1, base, bytes, path, service));
    Target* target = targets_.back().get();
    by_base_.insert(std::upper_bound(by_base_.begin(), by_base_.end(), base,
                                     [](std::uint64_t value, const Target* other) { return value < other->base; }),
                    target);
    if (service == Service::may_wait) sc_core::sc_spawn([this, target] { work(*target); }, (name + "_writes").c_str());
    target->socket.register_invalidate_direct_mem_ptr(this, &Fabric::invalidate_direct_mem_ptr, id);
    return target->socket;
}

Fabric::Target* Fabric::above(std::uint64_t address) const {
    const auto next = std::upper_bound(by_base_.begin(), by_base_.end(), address,
                                       [](std::uint64_t value, const Target* target) { return value < target->base; });
    return next == by_base_.begin() ? nullptr : *std::prev(next);
}

Fabric::Target* Fabric::find(std::uint64_t address, std::uint64_t bytes) const {
    Target* target = above(address);
    return target != nullptr && target->contains(address, bytes) ? target : nullptr;
}

/// Of an initiator, that often asks the same target as last time.
Fabric::Target* Fabric::find(Initiator& from, std::uint64_t address, std::uint64_t bytes) const {
    if (from.asked_last != nullptr && from.asked_last->contains(address, bytes)) return from.asked_last;
    Target* target = find(address, bytes);
    if (target != nullptr) from.asked_last = target;
    return target;
}

void Fabric::fail(Initiator& from, Target* to, const tlm::tlm_generic_payload& payload, std::uint64_t address) {
    ++from.statistics.errors;
    if (to != nullptr) ++to->statistics.errors;
    if (reported_pages_.size() >= kMaxReports || !reported_pages_.insert(address / kPageBytes).second) return;
    const std::string what = fmt::format("{}: {} {} {} bytes at {:#x}", name(), from.statistics.name,
                                         payload.is_write() ? "writes" : "reads", payload.get_data_length(), address);
    const Target* near = above(address);
    if (to != nullptr)
        diagnose(fmt::format("{}, which {} refuses ({})", what, to->statistics.name, payload.get_response_string()));
    else if (near != nullptr && near->contains(address, 1))
        diagnose(fmt::format("{}, across the end of {}", what, near->statistics.name));
    else
        diagnose(fmt::format("{}, where nothing answers", what));
}

unsigned Fabric::transport_dbg(int, tlm::tlm_generic_payload& payload) {
    const std::uint64_t address = payload.get_address();
    Target* to = find(address, payload.get_data_length());
    if (to == nullptr) return 0;
    payload.set_address(address - to->base);
    const unsigned moved = to->socket->transport_dbg(payload);
    payload.set_address(address);
    return moved;
}

bool Fabric::get_direct_mem_ptr(int, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
    const std::uint64_t address = payload.get_address();
    Target* to = find(address, 1);
    if (to == nullptr) return false;
    payload.set_address(address - to->base);
    const bool granted = to->socket->get_direct_mem_ptr(payload, dmi);
    payload.set_address(address);
    // Targets grant (or refuse) ranges of their own; what lies outside the window is not theirs to speak of.
    const std::uint64_t last = to->bytes - 1;
    dmi.set_start_address(to->base + std::min<std::uint64_t>(dmi.get_start_address(), last));
    dmi.set_end_address(to->base + std::min<std::uint64_t>(dmi.get_end_address(), last));
    return granted;
}

void Fabric::invalidate_direct_mem_ptr(int id, sc_dt::uint64 start, sc_dt::uint64 end) {
    const Target& target = *targets_[static_cast<std::size_t>(id)];
    const std::uint64_t last = target.bytes - 1;
    for (const auto& initiator : initiators_)
        initiator->socket->invalidate_direct_mem_ptr(target.base + std::min<std::uint64_t>(start, last),
                                                     target.base + std::min<std::uint64_t>(end, last));
}

namespace {
template <typename Ports>
std::vector<PortStatistics> statistics_of(const Ports& ports) {
    std::vector<PortStatistics> all;
    for (const auto& port : ports) {
        all.push_back(port->statistics);
        all.back().request_busy_ps = port->request.busy_ps();
        all.back().response_busy_ps = port->response.busy_ps();
    }
    return all;
}

template <typename Ports>
void reset_statistics_of(const Ports& ports) {
    for (const auto& port : ports) {
        port->statistics = PortStatistics{port->statistics.name};
        port->request.reset_statistics();
        port->response.reset_statistics();
    }
}
}  // namespace

const std::string& Fabric::serving() const { return serving_->statistics.name; }

std::vector<PortStatistics> Fabric::initiator_statistics() const { return statistics_of(initiators_); }
std::vector<PortStatistics> Fabric::target_statistics() const { return statistics_of(targets_); }

void Fabric::reset_statistics() {
    reset_statistics_of(initiators_);
    reset_statistics_of(targets_);
}

}  // namespace turnpike
