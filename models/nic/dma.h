// SPDX-License-Identifier: Apache-2.0
// The NIC's bus master: reads and posted writes, for processes to await.
#pragma once
#include <deque>

#include "models/nic/bus.h"

namespace turnpike::nic {

class Dma {
  public:
    explicit Dma(Bus& bus) : bus_(bus) {}

    class Read : BusRead {
      public:
        Read(Dma& dma, const BusRead& what) : BusRead(what), dma_(dma) {}
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> process) {
            then = process;
            dma_.begin(*this);
        }
        bool await_resume() {
            --dma_.under_way_;
            return good;
        }

      private:
        Dma& dma_;
    };
    struct Written {
        bool good;
        std::uint64_t visible_ps;
    };
    class Write : BusWrite {
      public:
        Write(Dma& dma, const BusWrite& what) : BusWrite(what), dma_(dma) {}
        bool await_ready() { return dma_.begin(*this); }
        void await_suspend(std::coroutine_handle<> process) { then = process; }
        Written await_resume() {
            --dma_.under_way_;
            return {good, visible_ps};
        }

      private:
        Dma& dma_;
    };

    /// Goes on when the data is there. False: the address does not answer.
    Read read(std::uint64_t address, void* data, unsigned bytes) {
        return {*this, {.address = address, .data = data, .bytes = bytes}};
    }
    /// Goes on when the link has taken the data, which the target sees from `visible_ps` on. Writes become visible
    /// in order. Not good: the address does not answer.
    Write write(std::uint64_t address, const void* data, unsigned bytes, const WriteSource& source) {
        return {*this, {.address = address, .data = data, .bytes = bytes, .source = source}};
    }
    /// Sends an interrupt message, behind the writes before it.
    Write message(std::uint64_t address, const std::uint32_t& data) {
        return {*this, {.address = address, .data = &data, .bytes = sizeof data, .message = true}};
    }

    /// CTRL.PCIE_MASTER_DISABLE (5.2.5.3.2): no new requests.
    void set_enabled(bool enabled) {
        enabled_ = enabled;
        release();
    }
    /// The command register's bus-master bit (9.3.3): no requests without it.
    void set_allowed(bool allowed) {
        allowed_ = allowed;
        release();
    }
    /// STATUS.PCIE_MASTER_ENABLE: falls once the requests under way have ended.
    bool master_enabled() const { return enabled_ || under_way_ != 0; }

  private:
    void begin(BusRead& read);
    bool begin(BusWrite& write);
    void release();

    Bus& bus_;
    bool enabled_ = true;
    bool allowed_ = false;
    unsigned under_way_ = 0;
    std::deque<BusRead*> held_reads_;  ///< not allowed yet
    std::deque<BusWrite*> held_writes_;
};

}  // namespace turnpike::nic
