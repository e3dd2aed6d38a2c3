// SPDX-License-Identifier: Apache-2.0
// A decoded instruction and the state that it works on.
#pragma once
#include <array>
#include <string>

#include "models/cpu/exec/flags.h"

namespace turnpike::cpu {

struct Insn;
struct State;

/// Carries one instruction out and the ones behind it in its block, and returns the last one carried out.
using Handler = const Insn* (*)(State&, const Insn*);

struct Insn {
    Handler run = nullptr;
    u64 imm = 0;   ///< immediate, or the target of a direct branch
    u64 disp = 0;  ///< displacement (RIP-relative ones already absolute), or the address behind a direct branch
    u8 dst = 0;    ///< registers by number; 8-bit operands by byte index in the register file
    u8 src = 0;
    u8 base = 0;
    u8 index = 0;
    u8 scale = 0;  ///< shift of the index
    u8 slot = 0;   ///< number of its first memory access in the block
    u16 end = 0;   ///< offset of the next instruction from the start of the block
};
static_assert(sizeof(Insn) == 32);

/// Beyond the sixteen general registers: one that is always 0 (no base, no index), and the address worked out by a
/// preceding step for segment overrides and 32-bit addresses.
inline constexpr unsigned kZeroRegister = 16;
inline constexpr unsigned kAddressRegister = 17;

inline constexpr unsigned kMaxBlockInsns = 48;
inline constexpr unsigned kMaxSlots = 192;
inline constexpr unsigned kPageShift = 12;
inline constexpr u64 kPageBytes = u64{1} << kPageShift;
/// In place of a memory address: the access went to the bus.
inline constexpr u64 kBusAccess = ~u64{0};

/// An exception that keeps the instruction at `at` from completing (SDM volume 3, 6.5: faults).
struct Fault {
    u8 vector;
    const Insn* at = nullptr;
    bool has_code = false;
    u32 code = 0;
};

namespace vector {
inline constexpr u8 DE = 0, DB = 1, NMI = 2, BP = 3, UD = 6, DF = 8, TS = 10, NP = 11, SS = 12, GP = 13, PF = 14,
                    MC = 18;
}

/// With 48 bits of linear address.
inline bool is_canonical(u64 address) { return static_cast<u64>(static_cast<i64>(address << 16) >> 16) == address; }

enum SegmentNumber : unsigned { kEs, kCs, kSs, kDs, kFs, kGs, kSegments };

struct TableRegister {
    u64 base = 0;
    u16 limit = 0;
};

/// System registers.
struct System {
    u64 cr0 = 0x80000011;  ///< PG, ET, PE: 64-bit mode has paging on
    u64 cr2 = 0;
    u64 cr3 = 0;
    u64 cr4 = 0x20;    ///< PAE
    u64 efer = 0x500;  ///< LME, LMA
    u64 kernel_gs_base = 0;
    u64 tsc_aux = 0;
    TableRegister gdtr, idtr;
    std::array<u16, kSegments> selector{};
    u64 fs_base = 0;
    u64 gs_base = 0;
    u16 tr = 0;
    u64 tss_base = 0;
    u32 tss_limit = 0;
    u16 ldtr = 0;
    u64 star = 0, lstar = 0, cstar = 0, fmask = 0;
    std::array<u64, 4> dr{};
    u64 dr6 = 0xFFFF0FF0;  ///< SDM volume 3, 10.1.1: value after reset
    u64 dr7 = 0x400;
    bool nmi_blocked = false;  ///< from the entry of an NMI to the next IRET (SDM volume 3, 6.7.1)
    /// The guest has loaded CR3: linear addresses go through its tables. Before that, the loader's identity map stands.
    bool paged = false;
};

/// A string instruction's accesses, one a line and stream; bit 0: write. Its count is not known at decode time.
struct StringAccesses {
    static constexpr unsigned kMax = 160;
    std::array<u64, kMax> address{};
    unsigned count = 0;
    unsigned units = 0;  ///< steps of work that the timing model charges for
};

/// Whose part the core is: CPUID, performance counters and what the makers decide differently (docs/core.md).
enum class Maker : u8 { turnpike, intel, amd };
struct Identity {
    Maker maker = Maker::turnpike;
    unsigned number = 0;           ///< of the core, its local APIC's id
    u32 signature = 0;             ///< family, model and stepping as CPUID leaf 1 has them
    std::array<char, 48> brand{};  ///< ends with a zero
};

/// What instructions ask of the core around them; all of it off the fast path.
class Services {
  public:
    virtual ~Services() = default;
    /// Any data access at the current privilege; splits it and goes to the bus where it must. Throws Fault{`fault`}
    /// for an address that is not canonical, #PF where the page tables say so.
    virtual void read(const Insn* at, u64 address, void* data, unsigned bytes, u8 fault, unsigned slot) = 0;
    virtual void write(const Insn* at, u64 address, const void* data, unsigned bytes, u8 fault, unsigned slot) = 0;
    /// Faults where such a write would.
    virtual void check_write(const Insn* at, u64 address, unsigned bytes, u8 fault) = 0;
    /// A descriptor or gate: a supervisor's access whatever the privilege. False: outside DRAM.
    virtual bool read_system(u64 address, void* data, unsigned bytes) = 0;
    /// After a change of CS: the privilege decides which pages can be reached.
    virtual void privilege_changed() = 0;
    /// Cached translations are forgotten; global ones too if `all`.
    virtual void flush_translations(bool all) = 0;
    virtual void flush_page(u64 address) = 0;
    /// Faults where a read of the byte would, without reading it.
    virtual void check_readable(const Insn* at, u64 address, unsigned slot) = 0;
    virtual void port_read(u16 port, void* data, unsigned bytes) = 0;
    virtual void port_write(u16 port, const void* data, unsigned bytes) = 0;
    virtual u64 time_stamp() = 0;
    virtual const Identity& identity() const = 0;
    /// RDPMC. False: no such counter.
    virtual bool read_counter(u32 index, u64& value) = 0;
    /// MSRs of the counters. False: none of them.
    virtual bool counter_register(u32 number, u64& value, bool write) = 0;
    /// INT n, INT3 (`checked`: the gate must allow the current privilege), INT1: through the gate, returning behind the
    /// instruction.
    virtual void software_interrupt(u8 vector, bool checked) = 0;
    virtual void task_priority(u8 priority) = 0;
    virtual u8 task_priority() = 0;
    /// Tells the user something about the guest, once a text.
    virtual void note(const std::string& text) = 0;
    /// Before the locked instruction whose first step is `at`, where there are several cores.
    virtual void synchronise(const Insn* at) = 0;
    /// Registers outside the core.
    virtual bool read_msr(u32 number, u64& value) = 0;
    virtual bool write_msr(u32 number, u64 value) = 0;
};

/// A page in DRAM whose translation is known. Page numbers are linear; kNoPage: no such access.
struct TlbEntry {
    static constexpr u64 kNoPage = ~u64{0};
    u64 read_page = kNoPage;
    u64 write_page = kNoPage;
    u64 offset = 0;  ///< physical less linear address
    bool global = false;
};
inline constexpr unsigned kTlbEntries = 1024;

struct State {
    std::array<u64, 18> r{};
    Flags flags;
    u64 rip = 0;
    u64 block_rip = 0;              ///< address of the block being executed
    u8* memory = nullptr;           ///< DRAM
    u64 plain_end = 0;              ///< below it, a linear address of any access is its physical one, in DRAM
    const TlbEntry* tlb = nullptr;  ///< of the current privilege
    const u8* code_map = nullptr;   ///< a byte per page: stores there may change decoded code
    u64 system_flags = 0;           ///< TF, IF, DF, IOPL, NT, AC, ID in their places
    bool leave = false;             ///< the block must be left after this instruction
    bool shadow = false;            ///< no interrupt before the next instruction (STI, MOV SS)
    bool halted = false;
    bool repeating = false;  ///< a string instruction is in the middle of its repetitions
    static constexpr u64 kNoRepetition = ~u64{0};
    u64 repetition = kNoRepetition;  ///< address of the repeated comparison that is in its middle
    Flags flags_before;              ///< of it
    Services* services = nullptr;
    std::array<u64, kMaxSlots> slot{};  ///< addresses of the block's memory accesses
    StringAccesses strings;
    std::array<u8, kMaxBlockInsns> quotient_bits{};  ///< of the divisions not yet accounted
    u8 divisions = 0;
    System sys;

    u64 rflags() const { return flags.bits() | system_flags | rflag::ONE; }
    void set_rflags(u64 value) {
        flags.set_bits(value);
        system_flags = value & (rflag::TF | rflag::IF | rflag::DF | rflag::IOPL | rflag::NT | rflag::AC | rflag::ID);
    }
};

}  // namespace turnpike::cpu
