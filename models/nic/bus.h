// SPDX-License-Identifier: Apache-2.0
// A bus master's way to memory: split transactions. Whoever asks is a process that goes on when the bus is done.
#pragma once
#include <coroutine>
#include <cstdint>

namespace turnpike::nic {

struct BusRead {
    std::uint64_t address;
    void* data;
    unsigned bytes;
    bool good = false;               ///< false in the end: the address does not answer
    std::coroutine_handle<> then{};  ///< is resumed when the data is there
};

/// Hears that memory has refused a posted write, after the bus had taken it.
class WriteOwner {
  public:
    virtual ~WriteOwner() = default;
    virtual void write_refused(unsigned queue, unsigned generation) = 0;
};

/// On whose behalf a write is made.
struct WriteSource {
    WriteOwner* owner = nullptr;
    unsigned queue = 0, generation = 0;
};

struct BusWrite {
    std::uint64_t address;
    const void* data;
    unsigned bytes;
    WriteSource source{};
    bool message = false;            ///< a message-signalled interrupt
    bool good = false;               ///< false in the end: the address does not answer
    std::uint64_t visible_ps = 0;    ///< when the target sees the data
    std::coroutine_handle<> then{};  ///< is resumed when the bus has taken the data, unless it did so at once
};

class Bus {
  public:
    virtual ~Bus() = default;
    virtual void read(BusRead& read) = 0;
    /// True: the data was taken at once. Writes become visible in order, and nothing overtakes them.
    virtual bool write(BusWrite& write) = 0;
};

}  // namespace turnpike::nic
