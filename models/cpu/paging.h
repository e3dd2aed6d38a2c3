// SPDX-License-Identifier: Apache-2.0
// From linear to physical addresses: 4-level paging (SDM volume 3, 4.5 to 4.10), or the loader's identity map as long
// as the guest has not loaded CR3.
#pragma once
#include <optional>
#include <unordered_set>

#include "models/cpu/block_cache.h"
#include "models/cpu/core.h"
#include "models/cpu/tlb.h"

namespace turnpike::cpu {

enum class Purpose : u8 { read, write, fetch };

/// Physical addresses of an access: `first_bytes` at `first`, the rest, on the next page, at `second`.
struct Span {
    u64 first;
    u64 second;
    unsigned first_bytes;
};

class Paging final : public CodePages {
  public:
    Paging(State& state, Memory memory, BlockCache& blocks);

    /// Back to the loader's identity map.
    void reset();
    /// The current privilege has changed.
    void select();
    /// Cached translations are forgotten, global ones only if `all`.
    void flush(bool all);
    void flush_page(u64 address);
    /// Where a cached translation leads, of a data page.
    std::optional<u64> known(u64 address) const;
    /// A global translation led to the page of the physical address since all were forgotten.
    bool is_global(u64 physical) const { return global_pages_.contains(physical >> kPageShift); }

    /// Throws #PF, with CR2 set.
    u64 translate(u64 address, Purpose purpose, bool user);
    /// Both pages of the access are checked before either is used.
    Span span(u64 address, unsigned bytes, Purpose purpose, bool user);
    /// The physical address without side effects, for those who look from outside.
    std::optional<u64> peek(u64 address) const;

    std::optional<CodeRun> code_at(u64 address) override;
    /// Upper bits of a block's key: code found under one context may lie elsewhere under the next.
    u64 context() const { return context_; }

  private:
    struct Walk;
    u64 table_entry(u64 address) const;
    Walk walk(u64 address) const;
    void set_flags(const Walk& walk, bool dirty);
    bool allowed(const Walk& walk, Purpose purpose, bool user) const;
    void remember(u64 address, const Walk& walk, bool user, bool dirty);
    [[noreturn]] void fault(u64 address, const Walk& walk, Purpose purpose, bool user);
    bool is_global(const Walk& walk) const;
    void renew_contexts();

    State& state_;
    Memory memory_;
    BlockCache& blocks_;
    Tlb tlb_;
    std::unordered_set<u64> global_pages_;  ///< physical page numbers
    u64 plain_end_;
    u64 context_ = 0;
    u64 number_ = 0;  ///< of the supervisor's context; the user's is the next
};

}  // namespace turnpike::cpu
