// SPDX-License-Identifier: Apache-2.0
// A core alone with memory, a UART and an exit port: the smallest machine that runs a program (docs/exec.md).
#pragma once
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>

#include "models/cpu/core.h"
#include "models/soc/elf_image.h"
#include "regs/params.h"

namespace turnpike::exec {

enum class End {
    exited,        ///< the program wrote the exit port
    halted,        ///< HLT, and nothing in this machine raises interrupts
    shut_down,     ///< see Core::diagnosis
    instructions,  ///< as many as were allowed
};

class Machine final : public cpu::Environment {
  public:
    /// `output` takes what the program sends to the UART. The image must fit into the machine's memory.
    Machine(const regs::MachineParams& params, const regs::CpuProfile& profile, const ElfImage& image,
            std::function<void(char)> output);

    /// Runs on until the program ends or has carried out `max_instructions` in all (to the end of a block).
    End run(std::uint64_t max_instructions);

    /// What the program wrote to the exit port.
    unsigned exit_status() const { return exit_status_.value_or(0); }
    /// From outside: the program ends with this status, at the next look of `run` at it.
    void stop(unsigned status) {
        if (!exit_status_) exit_status_ = status;
    }
    cpu::Core& core() { return *core_; }
    const cpu::Core& core() const { return *core_; }
    cpu::Memory memory() const { return {memory_.get(), memory_bytes_}; }

    bool bus_read(std::uint64_t address, void* data, unsigned bytes) override;
    bool bus_write(std::uint64_t address, const void* data, unsigned bytes) override;
    void port_write(std::uint16_t port, const void* data, unsigned bytes) override;
    int acknowledge_interrupt() override { return -1; }

  private:
    struct Free {
        void operator()(std::uint8_t* memory) const { std::free(memory); }
    };

    std::uint64_t memory_bytes_;
    std::uint64_t read_cycles_;  ///< there and back on the fabric
    std::unique_ptr<std::uint8_t[], Free> memory_;
    std::function<void(char)> output_;
    std::optional<unsigned> exit_status_;
    std::unique_ptr<cpu::Core> core_;
};

}  // namespace turnpike::exec
