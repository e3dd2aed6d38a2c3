// SPDX-License-Identifier: Apache-2.0
// An x86-64 core: executes machine code, counts cycles, knows no SystemC. `models/soc` steps it in simulated time.
#pragma once
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cpu/memory/stats.h"
#include "regs/params.h"

namespace turnpike::cpu {

/// What the core asks of the machine around it. The calls are made with `Core::cycles()` up to date; they may let
/// simulated time pass and then move the core's clock on with `Core::stall_until`.
class Environment {
  public:
    virtual ~Environment() = default;
    /// An access outside DRAM of 1, 2, 4 or 8 bytes. False: nothing answers there (a bus error, the core raises
    /// #MC-like diagnosis and reads all ones / drops the write).
    virtual bool bus_read(std::uint64_t address, void* data, unsigned bytes) = 0;
    virtual bool bus_write(std::uint64_t address, const void* data, unsigned bytes) = 0;
    /// IN and OUT of 1, 2 or 4 bytes. Where no port answers, reads give all ones and writes are lost.
    virtual void port_read(std::uint16_t port, void* data, unsigned bytes) {
        (void)port;
        std::memset(data, 0xFF, bytes);
    }
    virtual void port_write(std::uint16_t port, const void* data, unsigned bytes) {
        (void)port, (void)data, (void)bytes;
    }
    /// The vector of the interrupt that the core now takes, or -1 if it went away.
    virtual int acknowledge_interrupt() = 0;
    /// Before a locked instruction of one of several cores: returns when no other core is behind this one in time.
    virtual void synchronise() {}
    /// Model-specific registers that live outside the core. False: there is none of this number.
    virtual bool read_msr(std::uint32_t /*number*/, std::uint64_t& /*value*/) { return false; }
    virtual bool write_msr(std::uint32_t /*number*/, std::uint64_t /*value*/) { return false; }
};

/// DRAM as the core sees it: physical addresses 0 … size-1, directly accessible.
struct Memory {
    std::uint8_t* data;
    std::uint64_t size;
};

/// Why `run` came back.
enum class Stop {
    limit,     ///< local time has reached the limit, or the environment asked for a new look at it (after a bus access)
    halt,      ///< HLT, and no interrupt to take
    shutdown,  ///< triple fault or an instruction outside the model: see `Core::diagnosis`
};

/// General-purpose registers by their hardware number.
enum Gpr : unsigned { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 };

struct CacheStats {
    std::uint64_t accesses = 0;
    std::uint64_t misses = 0;
    std::uint64_t write_backs = 0;  ///< dirty lines driven out to the level below
};

struct Stats {
    std::uint64_t instructions = 0;
    std::uint64_t busy_cycles = 0;  ///< cycles() less the time spent halted
    std::uint64_t idle_cycles = 0;
    std::uint64_t interrupts = 0;
    std::uint64_t exceptions = 0;
    std::uint64_t bus_reads = 0;
    std::uint64_t bus_writes = 0;
    std::uint64_t bus_stall_cycles = 0;
    std::uint64_t bus_errors = 0;
    CacheStats l1i, l1d, l2, llc;
    TlbStats itlb, dtlb;           ///< by the scheduled timing model
    BranchStats branches;          ///< the same
    std::uint64_t told_again = 0;  ///< executions of blocks whose time it remembered
};

struct CacheMisses {
    std::uint64_t l1i = 0, l1d = 0, l2 = 0;
};

/// Cost of a stage: a function whose cycles are accounted to its name, less those of the stages it calls.
struct StageCost {
    std::string name;
    std::uint64_t calls = 0;
    std::uint64_t cycles = 0;
    std::uint64_t instructions = 0;
    CacheMisses misses;
};

/// A taken branch, call, return or interrupt: the last instruction before it and where it went.
struct Branch {
    std::uint64_t from;
    std::uint64_t to;
};

/// System registers as a debugger shows them.
enum class SystemRegister { cr0, cr2, cr3, cr4, efer, kernel_gs_base };

class Core;
class SharedMemory;

/// Looks at the execution instruction by instruction. Its calls may take as long as they like, read everything, and
/// change registers and memory; as long as it changes nothing, neither does what the guest does nor when.
class Debugger {
  public:
    virtual ~Debugger() = default;
    /// Asked before each run of instructions from `begin` to before `end`: is any of the next two calls wanted in it?
    virtual bool wants(const Core& core, std::uint64_t begin, std::uint64_t end) = 0;
    /// The instruction at `core.rip()` comes next. `cycles()` may lag behind by the instructions since `begin`.
    virtual void before(Core& core) = 0;
    /// An instruction has accessed `bytes` of DRAM at the physical address; `core.rip()` is the next one.
    virtual void accessed(Core& core, std::uint64_t address, std::uint64_t bytes, bool write) = 0;
    /// The instruction that `before` was asked about is done, and `core.rip()` is the next one. Not called behind one
    /// that ended in a fault.
    virtual void after(Core& core) = 0;
};

class Core {
  public:
    /// `dram_cycles`: cost of an access beyond the last cache. `shared`: of all cores of the same memory, where there
    /// are several; it outlives them.
    Core(unsigned id, const regs::CpuProfile& profile, std::uint64_t dram_cycles, Memory memory,
         Environment& environment, SharedMemory* shared = nullptr);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    /// Enters 64-bit mode at `rip` with stack `rsp`: flat segments, interrupts off, registers 0. Memory is mapped by
    /// the loader, each linear address to the same physical one, until the guest loads CR3 with tables of its own.
    void start(std::uint64_t rip, std::uint64_t rsp);

    /// Runs until `cycles() >= limit` at an instruction-block boundary, or another reason of `Stop`. A pending
    /// interrupt is taken as soon as the guest allows it.
    Stop run(std::uint64_t limit);

    /// Local time in core cycles; what rdtsc reads.
    std::uint64_t cycles() const;
    /// Local time jumps forward while an access was outstanding (busy, charged to the stage that waits).
    void stall_until(std::uint64_t cycle);
    /// Local time jumps forward while halted (idle).
    void idle_until(std::uint64_t cycle);
    /// Local time becomes 0 and all statistics start anew; architectural state stays.
    void restart_time();

    /// Functional mode: every instruction takes one cycle, no caches. For boot and configuration.
    void set_functional(bool functional);

    /// Level of the interrupt request from the local APIC.
    void set_interrupt(bool pending);
    /// A non-maskable interrupt has come; further ones before the core takes it are one with it.
    void set_nmi();
    /// Whether the core would take an interrupt or NMI that waits.
    bool interruptible() const;

    /// A device wrote memory: cached lines and decoded code there are out of date.
    void memory_written(std::uint64_t address, std::uint64_t bytes);

    /// Cycles of the function at `entry`, and of what it calls outside other stages, are accounted to `name`.
    /// Everything outside any stage goes to the first entry of `stages()`, named "other".
    void add_stage(std::uint64_t entry, std::string name);
    /// The function at `entry` goes from the stack that RDI names to the one that RSI names: each has its own calls.
    void add_stack_switch(std::uint64_t entry);
    /// `probe(core)` runs before the first instruction of the function at `entry`, with `cycles()` up to date.
    void add_probe(std::uint64_t entry, std::function<void(const Core&)> probe);

    std::uint64_t reg(unsigned number) const;
    void set_reg(unsigned number, std::uint64_t value);
    std::uint64_t rip() const;
    std::uint64_t rflags() const;

    // For a debugger: none of these calls has an effect on time.
    void set_debugger(Debugger* debugger);
    void set_rip(std::uint64_t value);
    void set_rflags(std::uint64_t value);
    /// ES, CS, SS, DS, FS, GS by their hardware number; the base is 0 for all but FS and GS.
    std::uint16_t selector(unsigned segment) const;
    std::uint64_t segment_base(unsigned segment) const;
    /// Of FS or GS, to a canonical address.
    void set_segment_base(unsigned segment, std::uint64_t base);
    std::uint64_t system_register(SystemRegister which) const;
    /// The core waits for the machine in the middle of an instruction; `rip()` is then the address behind it.
    bool in_flight() const;
    /// The physical address behind a linear one, and no trace of the question in the machine.
    std::optional<std::uint64_t> translate_debug(std::uint64_t linear) const;
    /// Somebody other than the guest or a device has changed DRAM: decoded code there is out of date.
    void memory_patched(std::uint64_t physical, std::uint64_t bytes);

    const Stats& stats() const;
    /// Exact: the cycles add up to stats().busy_cycles.
    const std::vector<StageCost>& stages() const;
    /// After Stop::shutdown: what happened, with address, bytes and registers.
    std::string diagnosis() const;
    /// The last taken branches, newest first; for finding out how the guest came where it is.
    std::vector<Branch> last_branches() const;
    /// What the guest did that the model does not have or that reached nothing (registers outside the model, the first
    /// bus error), each text once, the first hundred.
    const std::vector<std::string>& notes() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace turnpike::cpu
