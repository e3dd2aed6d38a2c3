// SPDX-License-Identifier: Apache-2.0
// Flow control credits of one kind of TLP (PCI Express base specification 2.6.1): headers, and data in units of 16
// bytes. A TLP's credits come back at a time that is known when it is sent.
#pragma once
#include <cstdint>

#include "models/core/fifo.h"

namespace turnpike {

struct Credits {
    std::uint64_t headers = 0;
    std::uint64_t data = 0;
};

/// Bytes of one data credit.
inline constexpr std::uint64_t kCreditBytes = 16;

class CreditPool {
  public:
    explicit CreditPool(const Credits& limit) : limit_(limit) {}

    /// What costs more than there are in all passes when nothing else is under way.
    bool admits(const Credits& cost, std::uint64_t now_ps) {
        while (!returns_.empty() && returns_.front().at_ps <= now_ps) {
            used_.headers -= returns_.front().credits.headers;
            used_.data -= returns_.front().credits.data;
            returns_.pop_front();
        }
        return returns_.empty() ||
               (used_.headers + cost.headers <= limit_.headers && used_.data + cost.data <= limit_.data);
    }
    /// Calls come in the order of `back_ps`.
    void take(const Credits& cost, std::uint64_t back_ps) {
        used_.headers += cost.headers;
        used_.data += cost.data;
        returns_.push_back({back_ps, cost});
    }
    /// When the next ones come back; some are under way.
    std::uint64_t next_ps() const { return returns_.front().at_ps; }

  private:
    struct Return {
        std::uint64_t at_ps;
        Credits credits;
    };
    Credits limit_;
    Credits used_;
    Fifo<Return> returns_;
};

}  // namespace turnpike
