// SPDX-License-Identifier: Apache-2.0
// A table of prefixes as a tree bitmap: the control plane of the longest-prefix-match engine (regs/lpm.def), and with
// another shape the form in which software looks up. It lies in memory that the caller gives; a writer, if there is
// one, has the engine follow.
//
// The root is indexed by the first address bits and knows the best of the prefixes that are shorter. A node stands for
// the address bits before it; INTERNAL says which prefixes end in it, EXTERNAL which nodes follow it. The nodes that
// follow one, and the next hops of one, are blocks of their own in ascending order of their bits.
//
// Each change becomes visible by one write of one word: new blocks are written first, then the word that leads to them.
// What the old word led to is written again only after the engine has drained. Prefixes shorter than the root's index
// change a range of the root, each of its words once.
#pragma once
#include "sw/lpm/block_pool.h"
#include "sw/lpm/tree_shape.h"

namespace fw {

struct TreeRoot {
    u32 child;      ///< node of level 0, if has_child
    u16 hop;        ///< of the best shorter prefix; kTreeMiss: none
    u16 has_child;  ///< 0 or 1
};

/// 32 bytes: two in a cache line, none across two.
struct alignas(32) TreeNode {
    u64 internal;  ///< bit 2^l - 1 + v: a prefix ends l bits into the node, at value v of these bits
    u64 external;  ///< bit v: a node follows at value v of the stride
    u32 children;  ///< the first of the nodes that follow
    u32 results;   ///< the first of the next hops
    u32 parent;    ///< of a block's first node: the node, or the root's word, that leads to the block
    u32 uniform;   ///< 1: one next hop stands for all of INTERNAL

    u32 result_of(unsigned bit) const {
        return results + (uniform ? 0 : static_cast<u32>(__builtin_popcountll(internal & ((u64{1} << bit) - 1))));
    }
    u32 child_count() const { return static_cast<u32>(__builtin_popcountll(external)); }
    u32 stored_results() const { return uniform ? 1 : static_cast<u32>(__builtin_popcountll(internal)); }
};

/// What has the engine follow. All of it takes effect in the order of the calls.
struct TreeWriter {
    void* context;
    void (*root)(void* context, u32 index, const TreeRoot& word);
    void (*node)(void* context, unsigned level, u32 index, const TreeNode& word);
    void (*result)(void* context, u32 index, u16 hop);
    /// Returns when no lookup is under way that began before the call.
    void (*drain)(void* context);
};

/// Cells of each memory; those of levels that the shape doesn't have don't count.
struct TreeCapacity {
    u32 nodes[kTreeMaxLevels];
    u32 results;
};

/// Cells in use. `chunks`: with what no block of another size can have.
struct TreeUsage {
    u32 prefixes;
    TreeCapacity blocks;
    TreeCapacity chunks;
};

class PrefixTree {
  public:
    template <typename T>
    static constexpr u64 part_bytes(u64 count) {
        return (count * sizeof(T) + alignof(TreeNode) - 1) / alignof(TreeNode) * alignof(TreeNode);
    }
    /// Bytes that a table of this size takes.
    static constexpr u64 bytes_for(const TreeShape& shape, const TreeCapacity& capacity) {
        const u64 words = u64{1} << shape.root_bits;
        u64 bytes = part_bytes<TreeRoot>(words) + part_bytes<u16>(words) + part_bytes<u64>(words / 64);
        for (unsigned level = 0; level < shape.levels; ++level) {
            const u32 cells = capacity.nodes[level];
            bytes += part_bytes<TreeNode>(cells);
            bytes += part_bytes<u32>(BlockPool::chunks_for(cells, shape.longest_nodes(level)));
        }
        bytes += part_bytes<u16>(capacity.results) + part_bytes<u32>(capacity.results);
        return bytes + part_bytes<u32>(BlockPool::chunks_for(capacity.results, shape.longest_results()));
    }

    /// An empty table. `memory`: bytes_for of them, aligned to 32. No writer is attached.
    void init(const TreeShape& shape, const TreeCapacity& capacity, u8* memory);
    /// Writes the whole table, and keeps the writer for changes. nullptr: nobody follows any more.
    void attach(const TreeWriter* writer);

    /// Adds the prefix, or gives it another next hop. 0; -ENOSPC: there is no room, and nothing has changed.
    int put(u32 prefix, unsigned len, u16 hop);
    /// 0; -ESRCH: there is no such prefix.
    int remove(u32 prefix, unsigned len);
    bool find(u32 prefix, unsigned len, u16* hop) const;
    /// Next hop of the longest prefix that covers the address; kTreeMiss: none.
    u16 lookup(u32 address) const;

    TreeUsage usage() const;
    const TreeRoot* root() const { return root_; }
    const TreeNode* nodes(unsigned level) const { return nodes_[level]; }
    const u16* results() const { return results_; }

  private:
    /// The way to where a prefix ends, as far as it is there.
    struct Path {
        unsigned level;  ///< in which the prefix ends
        unsigned depth;  ///< nodes on the way that are there; level + 1: all of them
        u32 at[kTreeMaxLevels];
    };
    /// The next hops of one node, in the order of its bits.
    struct Hops {
        u64 internal;
        u16 hop[kMaxBlock];
        unsigned count;
        bool uniform;
    };
    /// A block that nothing leads to any more.
    struct Old {
        unsigned memory;  ///< level, or kResults
        u32 cell;
        u32 size;
    };
    /// The block in which a node lies, or is to lie.
    struct Siblings {
        u32 parent;     ///< the node above, or the root's word
        unsigned slot;  ///< bit of the parent's EXTERNAL
        u32 count;      ///< 0 below the root, where every node is alone
        u32 first;
        u32 rank;  ///< of the node in the block
    };
    static constexpr unsigned kResults = kTreeMaxLevels;
    static constexpr unsigned kOwnerShift = 28;

    // tree_root.cpp
    int put_short(u32 prefix, unsigned len, u16 hop);
    int remove_short(u32 prefix, unsigned len);
    void fill_root(u32 heap, u16 hop);
    bool short_is_there(u32 heap) const { return (short_there_[heap / 64] >> (heap % 64) & 1) != 0; }
    u32 heap_of(u32 prefix, unsigned len) const { return u32{1} << len | (len == 0 ? 0 : prefix >> (32 - len)); }

    // tree.cpp
    Path find_path(u32 prefix, unsigned len) const;
    Hops hops_of(const TreeNode& node) const;
    static void set_hop(Hops* hops, unsigned bit, u16 hop);
    static void remove_hop(Hops* hops, unsigned bit);
    bool is_uniform(const Hops& hops) const;
    int change_hops(unsigned level, u32 index, const Hops& hops, bool for_removal);
    bool has_room_to_grow(const Path& path, u32 block) const;
    Siblings siblings_of(const Path& path, unsigned level, u32 prefix) const;
    int grow(const Path& path, u32 prefix, unsigned len, u16 hop);
    int prune(const Path& path, u32 prefix);

    // tree_blocks.cpp
    void write_branch(unsigned level, u32 index);
    void write_root(u32 index);
    void write_node(unsigned level, u32 index);
    void write_result(u32 cell, u16 hop);
    void settle();
    u32 take(unsigned memory, u32 size);
    void give_up(const Old& old);
    void own_blocks(unsigned level, u32 index);
    void set_node(unsigned level, u32 index, const TreeNode& word);
    void copy_nodes(unsigned level, u32 from, u32 to, u32 count);
    void move_nodes(unsigned level, u32 from, u32 to);
    void move_results(u32 from, u32 to);
    void lead_to(unsigned level, const Siblings& old, u32 block, bool is_there);
    static u32 owner(unsigned level, u32 index) { return level << kOwnerShift | index; }

    const TreeShape* shape_ = nullptr;
    const TreeWriter* writer_ = nullptr;
    bool unsettled_ = false;  ///< cells were given up that lookups may still read
    u32 prefixes_ = 0;
    TreeRoot* root_ = nullptr;
    TreeNode* nodes_[kTreeMaxLevels] = {};
    u16* results_ = nullptr;
    u32* result_owner_ = nullptr;  ///< of a block's first cell: level and node that lead to it
    u64* short_there_ = nullptr;   ///< by heap_of: there is such a prefix
    u16* short_hop_ = nullptr;
    BlockPool pools_[kTreeMaxLevels + 1];
};

}  // namespace fw
