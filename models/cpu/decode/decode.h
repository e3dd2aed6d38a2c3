// SPDX-License-Identifier: Apache-2.0
// From bytes to an instruction in the executor's form, by Zydis.
#pragma once
#include <Zydis/Zydis.h>

#include <array>

#include "models/cpu/exec/handlers.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

/// What a block may do behind (or around) an instruction.
enum class Flow : u8 {
    next,   ///< go on
    end,    ///< the last of its block
    ret,    ///< the last of its block, and a return
    alone,  ///< in a block of its own
    alone_ret,
};

struct Decoded {
    Insn step;
    Insn address_step;  ///< before `step`, where its `run` is set
    unsigned length = 0;
    u16 mnemonic = 0;
    OpClass cls = OpClass::simple;
    Flow flow = Flow::next;
    std::array<Access, 64> accesses{};
    unsigned access_count = 0;
    bool truncated = false;  ///< more bytes are needed than can be fetched
    bool sets_rip = false;   ///< the handler sets RIP: no end step needed
    int jcc = -1;            ///< condition of a conditional branch that may be fused
};

class Decoder {
  public:
    /// Near branches with prefix 66 are those of `maker`.
    explicit Decoder(Maker maker = Maker::turnpike);
    /// Decodes the instruction at `rip`, of which `available` bytes (up to 15) can be fetched. What is outside the
    /// model comes back as an instruction that raises its exception.
    Decoded decode(u64 rip, const u8* bytes, u64 available) const;

  private:
    Maker maker_;
    ZydisDecoder decoder_;
};

}  // namespace turnpike::cpu
