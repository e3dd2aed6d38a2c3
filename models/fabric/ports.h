// SPDX-License-Identifier: Apache-2.0
// What the fabric keeps for each of its ports and for each access on its way.
#pragma once
#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "models/fabric/fabric.h"
#include "models/fabric/link.h"
#include "models/fabric/posted_window.h"

namespace turnpike {

struct Fabric::Initiator {
    Initiator(const std::string& name, unsigned number, const Path& path, Ordering keep, Answer how,
              std::uint64_t posted_bytes)
        : socket(name.c_str()),
          index(number),
          ordering(keep),
          answer(how),
          latency_ps(to_ps(path.latency)),
          request(path.mbps),
          response(path.mbps),
          window(posted_bytes) {
        statistics.name = name;
    }
    /// Last arrival at the target, or at any where one order holds for all (null: where nothing answers).
    std::uint64_t& last_arrival_ps(const Target* target);
    InitiatorSocket socket;
    unsigned index;
    Ordering ordering;
    Answer answer;
    std::uint64_t latency_ps;
    Link request;
    Link response;
    PostedWindow window;
    std::vector<std::uint64_t> arrivals;  ///< the last, by Target::index
    Target* asked_last = nullptr;
    // Writes that find no room wait in the order of their calls.
    std::uint64_t next_ticket = 0;
    std::uint64_t serving_ticket = 0;
    sc_core::sc_event turn;
    sc_core::sc_event delivered;
    PortStatistics statistics;
};

struct Fabric::Target {
    Target(const std::string& name, unsigned number, std::uint64_t first, std::uint64_t size, const Path& path,
           Service how)
        : socket(name.c_str()),
          index(number),
          base(first),
          bytes(size),
          service(how),
          latency_ps(to_ps(path.latency)),
          request(path.mbps),
          response(path.mbps) {
        statistics.name = name;
    }
    bool contains(std::uint64_t address, std::uint64_t length) const {
        return address >= base && address - base < bytes && length <= bytes - (address - base);
    }
    TargetSocket socket;
    unsigned index;  ///< from 1 on
    std::uint64_t base;
    std::uint64_t bytes;
    Service service;
    std::uint64_t latency_ps;
    Link request;
    Link response;
    // Service::may_wait: writes that the fabric's thread is at, and reads that came after them.
    std::deque<Access*> queue;
    sc_core::sc_event queued;
    PortStatistics statistics;
};

inline std::uint64_t& Fabric::Initiator::last_arrival_ps(const Target* target) {
    const unsigned place = ordering == Ordering::each_target && target != nullptr ? target->index : 0;
    if (place >= arrivals.size()) arrivals.resize(place + 1);
    return arrivals[place];
}

/// One transaction between its initiator's call and its end. A read uses the caller's payload, a write a copy.
struct Fabric::Access {
    Initiator* from = nullptr;
    Target* to = nullptr;  ///< null: nothing answers there
    std::uint64_t address = 0;
    tlm::tlm_generic_payload* payload = nullptr;
    sc_core::sc_event wake;         ///< reads: continue the caller
    std::uint64_t answered_ps = 0;  ///< reads: when the answer reaches the initiator
    tlm::tlm_generic_payload copy;
    std::vector<std::uint8_t> data;
    std::vector<std::uint8_t> byte_enables;
};

/// An access that reaches its target at `at_ps`. Equal times are ordered by initiator, then by call: the kernel's own
/// order of equal times would depend on unrelated events.
struct Fabric::Arrival {
    std::uint64_t at_ps;
    std::uint64_t sequence;
    Access* access;
    bool operator<(const Arrival& other) const {  // std heaps have the greatest on top
        if (at_ps != other.at_ps) return at_ps > other.at_ps;
        if (access->from != other.access->from) return access->from->index > other.access->from->index;
        return sequence > other.sequence;
    }
};

}  // namespace turnpike
