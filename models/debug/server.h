// SPDX-License-Identifier: Apache-2.0
// A debugger of the modelled cores for gdb, over TCP on 127.0.0.1. While the machine stands still for gdb, its thread
// of execution stays inside one of these calls: no simulated time passes, and what comes then is what would have come
// without gdb.
#pragma once
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "models/debug/packet.h"
#include "models/debug/session.h"

namespace turnpike::gdb {

/// The port cannot be had; what() says why.
class ServerError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class Server final : public cpu::Debugger {
  public:
    /// Listens; port 0 takes any that is free. Throws ServerError.
    explicit Server(std::uint16_t port);
    ~Server() override;
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    std::uint16_t port() const { return port_; }
    /// Waits until gdb has come. The machine then stops before its next instruction.
    void wait_for_gdb();
    /// Takes charge of the target's cores.
    void attach(Target& target);

    /// Looks for gdb's Ctrl-C, and for a new gdb; to be called now and then while the cores sleep.
    void poll();
    /// A core has stopped for good: gdb may look at it.
    void died(unsigned core);
    /// The run is over; `status` as the program's.
    void exited(unsigned status);
    /// gdb has ended the run.
    bool killed() const { return killed_; }

    bool wants(const cpu::Core& core, std::uint64_t begin, std::uint64_t end) override;
    void before(cpu::Core& core) override;
    void accessed(cpu::Core& core, std::uint64_t address, std::uint64_t bytes, bool write) override;

  private:
    bool connected() const { return client_ >= 0; }
    void accept_gdb(bool wait);
    void disconnect();
    void look_for_interrupt();
    bool receive(bool wait);
    void send(std::string_view body);
    void send_raw(std::string_view bytes);
    /// Tells gdb, and serves it until it lets the machine go on. `next_is_fresh`: the core is before an instruction
    /// that `before` has not been asked about.
    void stop(const Stop& why, bool next_is_fresh);
    void serve(bool next_is_fresh);
    bool answer(std::string_view packet, bool next_is_fresh);
    unsigned number_of(const cpu::Core& core) const;

    int listener_ = -1;
    int client_ = -1;
    std::uint16_t port_ = 0;
    Target* target_ = nullptr;
    Points points_;
    std::optional<Session> session_;
    PacketReader reader_;
    std::string last_sent_;
    bool expected_ = false;     ///< gdb waits for a stop reply
    bool interrupted_ = false;  ///< the machine must stop at the next chance
    bool killed_ = false;
    const cpu::Core* stopped_ = nullptr;
    std::uint64_t stopped_at_ = 0;  ///< its RIP then
    const cpu::Core* stepping_ = nullptr;
    unsigned steps_ = 0;  ///< calls of `before` on that core until it stops
    std::uint32_t calls_ = 0;
};

}  // namespace turnpike::gdb
