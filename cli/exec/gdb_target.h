// SPDX-License-Identifier: Apache-2.0
// A program on the core alone as gdb sees it.
#pragma once
#include <fmt/core.h>

#include <cstring>
#include <string>

#include "cli/exec/machine.h"
#include "cli/exec/report.h"
#include "models/debug/target.h"

namespace turnpike::exec {

class GdbTarget final : public gdb::Target {
  public:
    GdbTarget(Machine& machine, bool functional) : machine_(machine), functional_(functional) {}

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
    std::string time() const override { return fmt::format("{} cycles", machine_.core().cycles()); }
    std::string monitor(const std::string& command) override {
        static constexpr const char* kHelp =
            "time     cycles so far\n"
            "stats    what the program has taken so far, as exec prints it at its end\n"
            "help     this list\n";
        if (command == "time") return time() + '\n';
        if (command == "stats") return make_table(machine_.core().stats(), functional_);
        if (command == "help") return kHelp;
        return fmt::format("found '{}', expected one of:\n{}", command, kHelp);
    }
    void kill() override { machine_.stop(1); }

  private:
    bool in_memory(std::uint64_t physical, unsigned bytes) const {
        const std::uint64_t size = machine_.memory().size;
        return physical < size && bytes <= size - physical;
    }
    Machine& machine_;
    bool functional_;
};

}  // namespace turnpike::exec
