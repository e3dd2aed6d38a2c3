// SPDX-License-Identifier: Apache-2.0
#include "models/nic/workers.h"

namespace turnpike::nic {

void spawn_thread(const std::string& name, std::function<void()> body) {
    sc_core::sc_spawn_options options;
    options.set_stack_size(kThreadStackBytes);
    sc_core::sc_spawn(std::move(body), name.c_str(), &options);
}

Workers::Workers(const std::string& name, unsigned count, std::function<bool()> work) : work_(std::move(work)) {
    for (unsigned n = 0; n < count; ++n) {
        sc_core::sc_event& event = *events_.emplace_back(std::make_unique<sc_core::sc_event>());
        spawn_thread(name + "_" + std::to_string(n), [this, &event] { run(event); });
    }
}

void Workers::run(sc_core::sc_event& event) {
    for (;;) {
        while (work_()) {
        }
        idle_.push_back(&event);
        sc_core::wait(event);
    }
}

void Workers::wake() {
    if (idle_.empty()) return;
    sc_core::sc_event* event = idle_.back();
    idle_.pop_back();
    event->notify();
}

}  // namespace turnpike::nic
