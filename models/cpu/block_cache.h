// SPDX-License-Identifier: Apache-2.0
// Decoded code, in blocks that run straight through.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "models/cpu/decode/decode.h"
#include "models/cpu/host_cache.h"
#include "models/cpu/shared_memory.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

struct Mark;

struct Block {
    /// No key has this value: bit 63 of a key is that of RIP, which is canonical.
    static constexpr u64 kDead = 0x8000000000000001;
    /// Bits 62..48 of a key say under which translation it was found; those of RIP are redundant.
    static constexpr unsigned kContextShift = 48;
    static constexpr unsigned kContextBits = 14;
    /// In the key of blocks of one instruction each, for single-stepping.
    static constexpr u64 kSingle = u64{1} << 62;

    u64 key = kDead;  ///< `rip` with its context; kDead: the code has changed since
    u64 rip = 0;      ///< linear address
    const Insn* code = nullptr;
    const Insn* last = nullptr;  ///< its last instruction's step
    CompiledBlock* timing = nullptr;
    Block* successor[2] = {nullptr, nullptr};  ///< the last two; to be believed only if their `key` is the one sought
    u64 behind = 0;                            ///< address behind the block
    u16 ops = 0;
    bool is_return = false;
    bool is_string = false;
    bool marked = false;  ///< a stage or a probe begins here
    bool single = false;
    bool listed = false;         ///< in the cache's tables
    const Mark* mark = nullptr;  ///< once that has been looked up
    u64 physical = 0;            ///< of its first byte
    u64 physical_bytes = 0;      ///< from there on; the rest is at `second`
    u64 second = 0;              ///< where an instruction crosses into another page

    std::vector<Insn> steps;
    std::vector<u8> op_of_step;
    std::unique_ptr<CompiledBlock> compiled;
    BlockTemplate form;
};

/// Asks the host's cache for what an execution of the block reads. Firmware does not repeat itself as a loop does: what
/// is needed next is seldom near.
[[gnu::always_inline]] inline void foresee(const Block& block) {
    constexpr std::size_t kStepLines = 3, kTimingLines = 2, kBlockLines = 2;  // as much as most blocks have
    ask_host_for(block.code, kStepLines);
    ask_host_for(block.timing, kTimingLines);
    ask_host_for(block.successor[0], kBlockLines);
}

/// Bytes of code that lie one behind the other, from a linear address on.
struct CodeRun {
    u64 physical;
    u64 bytes;
};

/// Where code is fetched from.
class CodePages {
  public:
    virtual ~CodePages() = default;
    /// Throws #PF; nothing: outside DRAM.
    virtual std::optional<CodeRun> code_at(u64 address) = 0;
};

class BlockCache {
  public:
    /// `shared`: where there are several cores.
    BlockCache(Memory memory, TimingModel& timing, const Identity& identity, SharedMemory* shared = nullptr);

    /// The block at `rip`, whose key is `key`; nullptr where nothing can be fetched. Throws #PF.
    Block* at(u64 rip, u64 key, CodePages& pages) {
        Block* block = front_[front_index(key)];
        return block->key == key ? block : find(rip, key, pages);
    }
    /// All keys are out of use: blocks must be found by address again.
    void forget_keys();
    struct BlockEnd {
        u64 last;    ///< address of the last instruction
        u64 behind;  ///< address behind it
    };
    /// Where a block at `rip` ends; its own start where it is no longer known.
    BlockEnd end_of(u64 rip) const;
    /// A block that never matches, to start from.
    Block* none() { return &none_; }

    /// A block must begin at `rip`.
    void mark(u64 rip);
    /// The bytes at the physical address have changed. True if decoded code was among them.
    bool invalidate(u64 address, u64 bytes);
    /// This core wrote to a page with code: the same here and for all other cores.
    bool stored(u64 address, u64 bytes);

    /// A byte per page: not 0 where a store (which may cross into the next page) may change decoded code.
    const u8* code_map() const { return shared_ != nullptr ? shared_->code_map() : code_map_.data(); }

  private:
    static constexpr unsigned kFrontBits = 15;
    /// Decoded instructions held, with their timing some 600 bytes each: one that runs wild through all of memory must
    /// not fill the host's.
    static constexpr u64 kMaxInsnsHeld = 1U << 19;
    static u64 front_index(u64 key) { return (key ^ (key >> kFrontBits)) & ((1U << kFrontBits) - 1); }
    struct Place {
        u64 rip;
        u64 physical;
        bool single;
        bool operator==(const Place&) const = default;
    };
    struct PlaceHash {
        std::size_t operator()(const Place& place) const {
            return std::hash<u64>{}(place.rip ^ (place.physical * 0x9E3779B97F4A7C15) ^ (place.single ? 1 : 0));
        }
    };
    Block* find(u64 rip, u64 key, CodePages& pages);
    bool still_there(const Block& block, CodePages& pages) const;
    Block* build(u64 rip, const CodeRun& run, bool single, CodePages& pages);
    Decoded decode_across(Block& block, u64 rip, const CodeRun& run, CodePages& pages);
    Block* allocate();
    bool append(Block& block, const Decoded& decoded, u64 rip);
    void finish(Block& block, u64 end, bool sets_rip);
    template <class Visit>
    static void for_each_page(const Block& block, Visit visit);
    void enter_pages(Block& block);
    void kill(Block& block);
    void kill_all();
    void refresh_map(u64 page);

    Memory memory_;
    TimingModel& timing_;
    unsigned core_;
    SharedMemory* shared_;
    Decoder decoder_;
    Block none_;
    std::vector<Block*> front_;
    std::unordered_map<Place, Block*, PlaceHash> blocks_;
    std::unordered_map<u64, std::vector<Block*>> pages_;
    std::unordered_set<u64> marks_;
    std::vector<u8> code_map_;
    std::vector<std::unique_ptr<Block>> pool_;
    u64 held_ = 0;              ///< instructions in all listed blocks
    std::vector<Block*> free_;  ///< dead blocks: others may still point to them, so they are used anew, never freed
};

}  // namespace turnpike::cpu
