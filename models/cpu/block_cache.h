// SPDX-License-Identifier: Apache-2.0
// Decoded code, in blocks that run straight through.
#pragma once
#include <functional>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "models/cpu/decode.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

struct Block {
    /// Not canonical, so RIP never has this value.
    static constexpr u64 kDead = 0x8000000000000001;

    u64 rip = kDead;  ///< kDead: the code has changed since
    const Insn* code = nullptr;
    const Insn* last = nullptr;  ///< its last instruction's step
    CompiledBlock* timing = nullptr;
    Block* successor[2] = {nullptr, nullptr};  ///< the last two; to be believed only if their `rip` is the one sought
    u64 behind = 0;                            ///< address behind the block
    u16 ops = 0;
    bool is_return = false;
    bool is_string = false;
    bool marked = false;  ///< a stage or a probe begins here

    std::vector<Insn> steps;
    std::vector<u8> op_of_step;
    std::unique_ptr<CompiledBlock> compiled;
    BlockTemplate form;
};

class BlockCache {
  public:
    BlockCache(Memory memory, TimingModel& timing);

    /// The block at `rip`; nullptr where nothing can be fetched.
    Block* at(u64 rip) {
        Block* block = front_[front_index(rip)];
        return block->rip == rip ? block : find(rip);
    }
    struct BlockEnd {
        u64 last;    ///< address of the last instruction
        u64 behind;  ///< address behind it
    };
    /// Where the block at `rip` ends; its own start where it is no longer known.
    BlockEnd end_of(u64 rip) const;
    /// A block that never matches, to start from.
    Block* none() { return &none_; }

    /// A block must begin at `rip`.
    void mark(u64 rip);
    /// The bytes have changed. True if decoded code was among them.
    bool invalidate(u64 address, u64 bytes);

    /// A byte per page: not 0 where a store (which may cross into the next page) may change decoded code.
    const u8* code_map() const { return code_map_.data(); }

  private:
    static constexpr unsigned kFrontBits = 15;
    static u64 front_index(u64 rip) { return (rip ^ (rip >> kFrontBits)) & ((1U << kFrontBits) - 1); }
    Block* find(u64 rip);
    Block* build(u64 rip);
    Block* allocate();
    bool append(Block& block, const Decoded& decoded, u64 rip);
    void finish(Block& block, u64 end, bool sets_rip);
    void enter_pages(Block& block);
    void kill(Block& block);
    void refresh_map(u64 page);

    Memory memory_;
    TimingModel& timing_;
    Decoder decoder_;
    Block none_;
    std::vector<Block*> front_;
    std::unordered_map<u64, Block*> blocks_;
    std::unordered_map<u64, std::vector<Block*>> pages_;
    std::unordered_set<u64> marks_;
    std::vector<u8> code_map_;
    std::vector<std::unique_ptr<Block>> pool_;
    std::vector<Block*> free_;  ///< dead blocks: others may still point to them, so they are used anew, never freed
};

}  // namespace turnpike::cpu
