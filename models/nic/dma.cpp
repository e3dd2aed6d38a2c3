// SPDX-License-Identifier: Apache-2.0
#include "models/nic/dma.h"

namespace turnpike::nic {

void Dma::begin(BusRead& read) {
    if (!enabled_ || !allowed_) return held_reads_.push_back(&read);
    ++under_way_;
    bus_.read(read);
}

bool Dma::begin(BusWrite& write) {
    if (!enabled_ || !allowed_) {
        held_writes_.push_back(&write);
        return false;
    }
    ++under_way_;
    return bus_.write(write);
}

void Dma::release() {
    while (enabled_ && allowed_ && !held_writes_.empty()) {
        BusWrite& write = *held_writes_.front();
        held_writes_.pop_front();
        if (begin(write)) write.then.resume();
    }
    while (enabled_ && allowed_ && !held_reads_.empty()) {
        BusRead& read = *held_reads_.front();
        held_reads_.pop_front();
        begin(read);
    }
}

}  // namespace turnpike::nic
