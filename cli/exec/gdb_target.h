// SPDX-License-Identifier: Apache-2.0
// A program on the core alone as gdb sees it.
#pragma once
#include <fmt/core.h>

#include <cstring>
#include <string>

#include "cli/exec/machine.h"
#include "models/debug/target.h"

namespace turnpike::exec {

class GdbTarget final : public gdb::Target {
  public:
    explicit GdbTarget(Machine& machine) : machine_(machine) {}

    unsigned cores() const override { return 1; }
    cpu::Core& core(unsigned) override { return machine_.core(); }
    bool read(std::uint64_t physical, void* data, unsigned bytes) override {
        if (!in_memory(physical, bytes)) return false;
        std::memcpy(data, machine_.memory().data + physical, bytes);
        return true;
    }
    bool write(std::uint64_t physical, const void* data, unsigned bytes) override {
        if (!in_memory(physical, bytes)) return false;
        std::memcpy(machine_.memory().data + physical, data, bytes);
        machine_.core().memory_patched(physical, bytes);
        return true;
    }
    std::string monitor(const std::string& command) override {
        const cpu::Stats& stats = machine_.core().stats();
        if (command == "time") return fmt::format("{} cycles\n", machine_.core().cycles());
        if (command == "stats")
            return fmt::format("{} instructions, {} busy cycles\n", stats.instructions, stats.busy_cycles);
        return fmt::format("found '{}', expected time or stats\n", command);
    }
    void kill() override { machine_.stop(1); }

  private:
    bool in_memory(std::uint64_t physical, unsigned bytes) const {
        const std::uint64_t size = machine_.memory().size;
        return physical < size && bytes <= size - physical;
    }
    Machine& machine_;
};

}  // namespace turnpike::exec
