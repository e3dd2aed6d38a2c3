// SPDX-License-Identifier: Apache-2.0
#include "models/nic/workers.h"

namespace turnpike::nic {

Workers::Workers(const std::string& name, unsigned count, std::function<Task<bool>()> work)
    : work_(std::move(work)), alarm_(name, [this] { start_woken(); }) {
    for (unsigned n = 0; n < count; ++n) processes_.push_back(run());
}

Process Workers::run() {
    for (;;) {
        co_await Idle{*this};
        for (bool worked = true; worked;) worked = co_await work_();
    }
}

void Workers::wake() {
    if (idle_.empty()) return;
    woken_.push_back(idle_.back());
    idle_.pop_back();
    if (starting_.empty()) alarm_.now();
}

void Workers::start_woken() {
    while (!woken_.empty()) {
        starting_.swap(woken_);
        for (const std::coroutine_handle<> process : starting_) process.resume();
        starting_.clear();
    }
}

}  // namespace turnpike::nic
