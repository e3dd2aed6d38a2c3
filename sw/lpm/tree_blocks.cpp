// SPDX-License-Identifier: Apache-2.0
// Where nodes and next hops lie, and how they get from one place to another under the eyes of lookups.
#include "sw/lpm/tree.h"

namespace fw {

namespace {

/// Hands out parts of the caller's memory.
class Parts {
  public:
    explicit Parts(u8* memory) : memory_(memory) {}
    template <typename T>
    T* take(u64 count) {
        T* part = reinterpret_cast<T*>(memory_);
        memory_ += PrefixTree::part_bytes<T>(count);
        return part;
    }

  private:
    u8* memory_;
};

}  // namespace

void PrefixTree::init(const TreeShape& shape, const TreeCapacity& capacity, u8* memory) {
    Parts parts(memory);
    shape_ = &shape;
    writer_ = nullptr;
    unsettled_ = false;
    prefixes_ = 0;
    const u32 words = u32{1} << shape.root_bits;
    root_ = parts.take<TreeRoot>(words);
    for (u32 i = 0; i < words; ++i) root_[i] = {0, kTreeMiss, 0};
    short_hop_ = parts.take<u16>(words);
    short_there_ = parts.take<u64>(words / 64);
    for (u32 i = 0; i < words / 64; ++i) short_there_[i] = 0;
    for (unsigned level = 0; level < shape.levels; ++level) {
        const u32 cells = capacity.nodes[level];
        const u32 longest = shape.longest_nodes(level);
        nodes_[level] = parts.take<TreeNode>(cells);
        pools_[level].init(cells, longest, parts.take<u32>(BlockPool::chunks_for(cells, longest)));
    }
    const u32 longest = shape.longest_results();
    results_ = parts.take<u16>(capacity.results);
    result_owner_ = parts.take<u32>(capacity.results);
    pools_[kResults].init(capacity.results, longest, parts.take<u32>(BlockPool::chunks_for(capacity.results, longest)));
}

void PrefixTree::attach(const TreeWriter* writer) {
    writer_ = writer;
    if (!writer) return;
    for (u32 index = 0; index < u32{1} << shape_->root_bits; ++index) {
        if (root_[index].has_child) write_branch(0, root_[index].child);
        write_root(index);
    }
}

/// What lies below first: no word leads to what is not there yet.
void PrefixTree::write_branch(unsigned level, u32 index) {
    const TreeNode& node = nodes_[level][index];
    for (u32 i = 0; i < node.stored_results(); ++i) write_result(node.results + i, results_[node.results + i]);
    for (u32 i = 0; i < node.child_count(); ++i) write_branch(level + 1, node.children + i);
    write_node(level, index);
}

void PrefixTree::write_root(u32 index) {
    if (writer_) writer_->root(writer_->context, index, root_[index]);
}

void PrefixTree::write_node(unsigned level, u32 index) {
    if (writer_) writer_->node(writer_->context, level, index, nodes_[level][index]);
}

void PrefixTree::write_result(u32 cell, u16 hop) {
    results_[cell] = hop;
    if (writer_) writer_->result(writer_->context, cell, hop);
}

/// Nobody looks any more at what was given up.
void PrefixTree::settle() {
    if (unsettled_ && writer_) writer_->drain(writer_->context);
    unsettled_ = false;
}

u32 PrefixTree::take(unsigned memory, u32 size) {
    settle();
    return pools_[memory].take(size);
}

/// The block's place is free for others; lookups that are under way may read it until `settle`.
void PrefixTree::give_up(const Old& old) {
    unsettled_ = true;
    BlockPool& pool = pools_[old.memory];
    const u32 filler = pool.filler_of(old.cell, old.size);
    if (filler != old.cell) {
        settle();
        if (old.memory == kResults) {
            move_results(filler, old.cell);
        } else {
            move_nodes(old.memory, filler, old.cell);
        }
        unsettled_ = true;
    }
    pool.drop_filler(old.size);
}

/// The blocks that a node leads to know it.
void PrefixTree::own_blocks(unsigned level, u32 index) {
    const TreeNode& node = nodes_[level][index];
    if (node.external != 0) nodes_[level + 1][node.children].parent = index;
    if (node.internal != 0) result_owner_[node.results] = owner(level, index);
}

void PrefixTree::set_node(unsigned level, u32 index, const TreeNode& word) {
    TreeNode& node = nodes_[level][index];
    const u32 parent = node.parent;
    node = word;
    node.parent = parent;
    write_node(level, index);
    own_blocks(level, index);
}

void PrefixTree::copy_nodes(unsigned level, u32 from, u32 to, u32 count) {
    for (u32 i = 0; i < count; ++i) set_node(level, to + i, nodes_[level][from + i]);
}

void PrefixTree::move_nodes(unsigned level, u32 from, u32 to) {
    const u32 parent = nodes_[level][from].parent;
    const u32 count = level == 0 ? 1 : nodes_[level - 1][parent].child_count();
    copy_nodes(level, from, to, count);
    nodes_[level][to].parent = parent;
    if (level == 0) {
        root_[parent].child = to;
        write_root(parent);
    } else {
        nodes_[level - 1][parent].children = to;
        write_node(level - 1, parent);
    }
}

void PrefixTree::move_results(u32 from, u32 to) {
    const u32 parent = result_owner_[from];
    const unsigned level = parent >> kOwnerShift;
    const u32 index = parent & ((u32{1} << kOwnerShift) - 1);
    TreeNode& node = nodes_[level][index];
    for (u32 i = 0; i < node.stored_results(); ++i) write_result(to + i, results_[from + i]);
    result_owner_[to] = parent;
    node.results = to;
    write_node(level, index);
}

/// The word above leads to the changed block from now on: the prefix's node is in it, or no longer.
void PrefixTree::lead_to(unsigned level, const Siblings& old, u32 block, bool is_there) {
    if (level == 0) {
        root_[old.parent].child = block;
        root_[old.parent].has_child = is_there;
        if (is_there) nodes_[0][block].parent = old.parent;
        write_root(old.parent);
        return;
    }
    TreeNode& node = nodes_[level - 1][old.parent];
    const u64 bit = u64{1} << old.slot;
    node.external = is_there ? node.external | bit : node.external & ~bit;
    node.children = node.external == 0 ? 0 : block;
    if (node.external != 0) nodes_[level][block].parent = old.parent;
    write_node(level - 1, old.parent);
}

u16 PrefixTree::lookup(u32 address) const {
    const TreeRoot& word = root_[address >> (32 - shape_->root_bits)];
    u16 hop = word.hop;
    if (!word.has_child) return hop;
    u32 index = word.child;
    for (unsigned level = 0; level < shape_->levels; ++level) {
        const TreeNode& node = nodes_[level][index];
        const unsigned last = shape_->start[level] + shape_->lengths[level] - 1;
        for (unsigned len = last + 1; len-- > shape_->start[level];) {
            const unsigned bit = shape_->bit(address, len, level);
            if (!(node.internal >> bit & 1)) continue;
            hop = results_[node.result_of(bit)];
            break;
        }
        if (node.external == 0) break;
        const unsigned slot = shape_->slot(address, level);
        if (!(node.external >> slot & 1)) break;
        index = node.children + static_cast<u32>(__builtin_popcountll(node.external & ((u64{1} << slot) - 1)));
    }
    return hop;
}

TreeUsage PrefixTree::usage() const {
    TreeUsage usage = {};
    usage.prefixes = prefixes_;
    for (unsigned level = 0; level < shape_->levels; ++level) {
        usage.blocks.nodes[level] = pools_[level].cells_in_blocks();
        usage.chunks.nodes[level] = pools_[level].cells_in_chunks();
    }
    usage.blocks.results = pools_[kResults].cells_in_blocks();
    usage.chunks.results = pools_[kResults].cells_in_chunks();
    return usage;
}

}  // namespace fw
