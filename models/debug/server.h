// SPDX-License-Identifier: Apache-2.0
// A debugger of the modelled cores for gdb. While the machine stands still for gdb, its thread of execution stays
// inside one of these calls: no simulated time passes, and what comes then is what would have come without gdb.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "models/debug/connection.h"
#include "models/debug/session.h"

namespace turnpike::gdb {

class Server final : public cpu::Debugger {
  public:
    /// Listens; port 0 takes any that is free. Throws ServerError.
    explicit Server(std::uint16_t port) : connection_(port) {}
    ~Server() override;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const { return connection_.port(); }
    /// Waits until gdb has come. The machine then stops before its next instruction.
    void wait_for_gdb() { take_gdb(true); }
    /// Takes charge of the target's cores.
    void attach(Target& target);

    /// Looks for gdb's Ctrl-C, and for a new gdb; to be called now and then while the cores sleep.
    void poll();
    /// Somebody other than a core has written memory.
    void device_wrote(const std::string& device, std::uint64_t physical, std::uint64_t bytes);
    /// A core has stopped for good: gdb may look at it.
    void died(unsigned core);
    /// The run is over; `status` as the program's.
    void exited(unsigned status);
    /// gdb has ended the run.
    bool killed() const { return killed_; }

    bool wants(const cpu::Core& core, std::uint64_t begin, std::uint64_t end) override;
    void before(cpu::Core& core) override;
    void accessed(cpu::Core& core, std::uint64_t address, std::uint64_t bytes, bool write) override;
    void after(cpu::Core& core) override;

  private:
    /// One instruction of one core. It is over behind an instruction that began after it, or wherever else the core is
    /// found (in the handler of an interrupt or a fault).
    struct Step {
        const cpu::Core* core = nullptr;
        std::uint64_t from = 0;  ///< RIP when gdb asked for it
        bool begun = false;
        /// gdb steps over a breakpoint: it has taken that one out, expects that the other cores stand still, and takes
        /// no stop but this core's (gdb/infrun.c: "stepping over breakpoint with all threads locked").
        bool alone = false;
    };

    void take_gdb(bool wait);
    void disconnect();
    void look_for_interrupt();
    bool breakpoint_for(const cpu::Core& core, std::uint64_t begin, std::uint64_t end) const;
    /// Tells gdb, and serves it until it lets the machine go on.
    void stop(const Stop& why);
    Stop for_step_alone(const Stop& why);
    void serve();
    bool answer(std::string_view packet);
    void begin_step(const Answer& answer);
    bool tell_pending();
    void lost_gdb();
    unsigned number_of(const cpu::Core& core) const;

    Connection connection_;
    Target* target_ = nullptr;
    Points points_;
    Points kept_;  ///< as they were when all cores went on last
    std::optional<Session> session_;
    bool expected_ = false;     ///< gdb waits for a stop reply
    bool interrupted_ = false;  ///< the machine must stop at the next chance
    bool killed_ = false;
    bool explained_ = false;  ///< gdb's user has been told that cores cannot be held
    Step step_;
    std::optional<Stop> watched_;       ///< a watchpoint that the present instruction has met
    std::optional<Stop> pending_;       ///< what happened to another core during a step alone
    const cpu::Core* asked_ = nullptr;  ///< stands before an instruction, in `before`
    unsigned last_stopped_ = 0;
    std::uint32_t calls_ = 0;
};

}  // namespace turnpike::gdb
