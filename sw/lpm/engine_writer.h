// SPDX-License-Identifier: Apache-2.0
// Has the longest-prefix-match engine follow a table, by its registers (regs/lpm.def).
#pragma once
#include "sw/lpm/tree.h"

namespace fw {

/// How the engine's registers are reached.
struct EngineBus {
    void* context;
    u64 (*read)(void* context, u64 offset);
    void (*write)(void* context, u64 offset, u64 value);
};

class EngineWriter {
  public:
    void init(const EngineBus& bus);
    /// For PrefixTree::attach; the writer stays where it is.
    const TreeWriter* writer() const { return &writer_; }

    /// The device is what it should be.
    static bool is_there(const EngineBus& bus);
    static TreeCapacity capacity_of(const EngineBus& bus);

  private:
    void seek(u64 memory, u32 index);
    void write_root(u32 index, const TreeRoot& word);
    void write_node(unsigned level, u32 index, const TreeNode& word);
    void write_result(u32 index, u16 hop);
    void drain();
    void set(u64 offset, u64 value) { bus_.write(bus_.context, offset, value); }

    EngineBus bus_ = {};
    TreeWriter writer_ = {};
    u64 place_ = ~u64{0};  ///< what ENTRY_DATA writes next
    u64 high_ = ~u64{0};   ///< what ENTRY_HIGH holds
};

}  // namespace fw
