// SPDX-License-Identifier: Apache-2.0

#include "models/nic_sim/timeline.h"

namespace turnpike {

std::shared_ptr<Timeline> Timeline::get() {
    static std::weak_ptr<Timeline> shared;
    std::shared_ptr<Timeline> timeline = shared.lock();
    if (!timeline) shared = timeline = std::make_shared<Timeline>();
    return timeline;
}

void Timeline::call(Call next) {
    calls_.push_back(std::move(next));
    stop_ = !calling_;
}

void Timeline::forget(const DriverCalls& to) {
    std::erase_if(calls_, [&](const Call& call) { return call.to == &to; });
}

void Timeline::run_to(std::uint64_t ps) {
    for (;;) {
        agenda_.run_to(ps, stop_);
        if (!stop_) return;
        stop_ = false;
        make_calls();
    }
}

void Timeline::make_calls() {
    struct Mark {
        explicit Mark(bool& flag) : calling(flag) { calling = true; }
        ~Mark() { calling = false; }
        bool& calling;
    } const mark(calling_);
    while (!calls_.empty()) {
        const Call next = std::move(calls_.front());
        calls_.pop_front();
        make(next);
    }
}

void Timeline::make(const Call& call) {
    switch (call.kind) {
        case Kind::line:
            call.to->intx(call.level);
            return;
        case Kind::message:
            call.to->msi(call.at, call.data);
            return;
        case Kind::frame:
            call.to->wire_tx(call.bytes, call.at);
            return;
    }
}

}  // namespace turnpike
