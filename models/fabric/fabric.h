// SPDX-License-Identifier: Apache-2.0
// The interconnect: routes TLM transactions by address, with latency, bandwidth and PCIe's ordering of posted writes.
#pragma once
#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <systemc>
#include <utility>
#include <vector>

namespace turnpike {

/// How an initiator or a target is attached.
struct Path {
    sc_core::sc_time latency;  ///< one way
    std::uint64_t mbps;        ///< Mbit/s of each direction
};

/// How a target's b_transport works.
enum class Service {
    may_wait,   ///< it may call wait(): reads run in the initiator's thread, writes one by one in one of the fabric
    immediate,  ///< it never waits, delays are annotated: saves a process switch for each access
};

/// How the accesses of one initiator are kept in order.
enum class Ordering {
    all_targets,  ///< nothing overtakes what was sent before: one ordered path, as a PCIe link is
    each_target,  ///< so for each target by itself: a core's uncached accesses to different devices take different
                  ///< paths
};

/// When a read comes back to its initiator.
enum class Answer {
    told,       ///< when it has taken effect at the target: `delay` tells when the data is there
    waited_for  ///< when the data is there: saves one who would wait anyway a process switch
};

/// What passed through one port of the fabric.
struct PortStatistics {
    std::string name;
    std::uint64_t reads = 0;
    std::uint64_t read_bytes = 0;
    std::uint64_t writes = 0;
    std::uint64_t written_bytes = 0;
    std::uint64_t errors = 0;
    std::uint64_t request_busy_ps = 0;   ///< towards the target
    std::uint64_t response_busy_ps = 0;  ///< towards the initiator
};

class Fabric : public sc_core::sc_module {
  public:
    using InitiatorSocket = tlm_utils::simple_target_socket_tagged<Fabric>;
    using TargetSocket = tlm_utils::simple_initiator_socket_tagged<Fabric>;

    /// Bytes that a packet costs beyond its data: a header of 3 double words (PCIe base specification 2.2.4.1, the
    /// 32-bit format that requests below 4 GiB must use; 2.2.9, completions).
    static constexpr std::uint64_t kHeaderBytes = 12;
    /// Covers latency times bandwidth of the fastest PCIe link in use (250 Gbit/s x 300 ns) with room to spare.
    static constexpr std::uint64_t kPostedBytes = 16384;

    /// `posted_bytes`: data of writes that each initiator may have on their way before a write waits.
    explicit Fabric(const sc_core::sc_module_name& name, std::uint64_t posted_bytes = kPostedBytes);
    ~Fabric() override;

    /// Both are called before elaboration ends and throw std::invalid_argument on a bandwidth of 0, an empty window
    /// or one that overlaps another.
    InitiatorSocket& add_initiator(const std::string& name, const Path& path, Ordering ordering = Ordering::all_targets,
                                   Answer answer = Answer::told);
    TargetSocket& add_target(const std::string& name, std::uint64_t base, std::uint64_t bytes, const Path& path,
                             Service service = Service::may_wait);

    /// Inside the access of a target that never waits: the name of the initiator.
    const std::string& serving() const;
    std::vector<PortStatistics> initiator_statistics() const;
    std::vector<PortStatistics> target_statistics() const;
    void reset_statistics();

  private:
    struct Initiator;
    struct Target;
    struct Access;
    struct Arrival;

    void b_transport(int id, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    unsigned transport_dbg(int id, tlm::tlm_generic_payload& payload);
    bool get_direct_mem_ptr(int id, tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi);
    void invalidate_direct_mem_ptr(int id, sc_dt::uint64 start, sc_dt::uint64 end);

    void read(Initiator& from, Target* to, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void write(Initiator& from, Target& to, tlm::tlm_generic_payload& payload, sc_core::sc_time& delay);
    void wait_for_room(Initiator& from, std::uint64_t bytes, std::uint64_t ready_ps);
    std::uint64_t send(Initiator& from, const Target* to, std::uint64_t ready_ps, std::uint64_t bytes, Access& access);
    void dispatch();
    void deliver(Access& access);
    void answer(Access& access, std::uint64_t answered_ps);
    std::uint64_t serve(Access& access);
    void finish_write(Access& access);
    void work(Target& target);
    std::uint64_t respond(Access& access, std::uint64_t ready_ps, std::uint64_t bytes);

    Access& acquire();
    void release(Access& access);
    Target* find(std::uint64_t address, std::uint64_t bytes) const;
    Target* find(Initiator& from, std::uint64_t address, std::uint64_t bytes) const;
    Target* above(std::uint64_t address) const;
    void fail(Initiator& from, Target* to, const tlm::tlm_generic_payload& payload, std::uint64_t address);

    std::uint64_t posted_bytes_;
    std::vector<std::unique_ptr<Initiator>> initiators_;
    std::vector<std::unique_ptr<Target>> targets_;
    std::vector<Target*> by_base_;
    std::vector<std::unique_ptr<Access>> accesses_;
    std::vector<Access*> free_accesses_;
    std::vector<Arrival> arrivals_;  ///< a heap, the earliest first
    std::uint64_t sequence_ = 0;
    const Initiator* serving_ = nullptr;
    std::uint64_t armed_ps_ = ~0ULL;  ///< when `wake_` will fire
    sc_core::sc_event wake_;
    std::set<std::uint64_t> reported_pages_;
};

}  // namespace turnpike
