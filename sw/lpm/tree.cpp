// SPDX-License-Identifier: Apache-2.0
// Prefixes come and go: which bits and blocks a node has.
#include "sw/lpm/tree.h"

#include "sw/kernel/error.h"

namespace fw {

namespace {

constexpr u64 bit_at(unsigned bit) { return u64{1} << bit; }
unsigned count_bits(u64 bits) { return static_cast<unsigned>(__builtin_popcountll(bits)); }
unsigned rank_of(u64 bits, unsigned bit) { return count_bits(bits & (bit_at(bit) - 1)); }

}  // namespace

PrefixTree::Path PrefixTree::find_path(u32 prefix, unsigned len) const {
    Path path = {};
    path.level = shape_->level_of(len);
    const TreeRoot& word = root_[prefix >> (32 - shape_->root_bits)];
    if (!word.has_child) return path;
    path.at[0] = word.child;
    for (path.depth = 1; path.depth <= path.level; ++path.depth) {
        const TreeNode& node = nodes_[path.depth - 1][path.at[path.depth - 1]];
        const unsigned slot = shape_->slot(prefix, path.depth - 1);
        if (!(node.external & bit_at(slot))) break;
        path.at[path.depth] = node.children + rank_of(node.external, slot);
    }
    return path;
}

PrefixTree::Hops PrefixTree::hops_of(const TreeNode& node) const {
    Hops hops;
    hops.internal = node.internal;
    hops.count = count_bits(node.internal);
    for (unsigned i = 0; i < hops.count; ++i) hops.hop[i] = results_[node.results + (node.uniform ? 0 : i)];
    return hops;
}

void PrefixTree::set_hop(Hops* hops, unsigned bit, u16 hop) {
    const unsigned rank = rank_of(hops->internal, bit);
    if (!(hops->internal & bit_at(bit))) {
        for (unsigned i = hops->count++; i > rank; --i) hops->hop[i] = hops->hop[i - 1];
        hops->internal |= bit_at(bit);
    }
    hops->hop[rank] = hop;
}

void PrefixTree::remove_hop(Hops* hops, unsigned bit) {
    hops->internal &= ~bit_at(bit);
    --hops->count;
    for (unsigned i = rank_of(hops->internal, bit); i < hops->count; ++i) hops->hop[i] = hops->hop[i + 1];
}

bool PrefixTree::is_uniform(const Hops& hops) const {
    for (unsigned i = 1; i < hops.count; ++i) {
        if (hops.hop[i] != hops.hop[0]) return false;
    }
    return shape_->uniform && hops.count > 1;
}

int PrefixTree::change_hops(unsigned level, u32 index, const Hops& hops, bool for_removal) {
    TreeNode& node = nodes_[level][index];
    const bool uniform = is_uniform(hops);
    const u32 stored = uniform ? 1 : hops.count;
    const Old old = {kResults, node.results, node.stored_results()};
    if (hops.internal == node.internal && stored == old.size) {
        for (u32 i = 0; i < stored; ++i) {
            if (results_[node.results + i] != hops.hop[i]) write_result(node.results + i, hops.hop[i]);
        }
        return 0;
    }
    const bool same_block = stored == 1 && old.size == 1 && results_[node.results] == hops.hop[0];
    u32 cell = same_block ? node.results : 0;
    if (!same_block && stored != 0) {
        if (!pools_[kResults].has_room(stored, for_removal)) return -err::nospc;
        cell = take(kResults, stored);
        for (u32 i = 0; i < stored; ++i) write_result(cell + i, hops.hop[i]);
        result_owner_[cell] = owner(level, index);
    }
    node.internal = hops.internal;
    node.uniform = uniform;
    node.results = cell;
    write_node(level, index);
    if (!same_block && old.size != 0) give_up(old);
    return 0;
}

/// Room for the nodes that are missing on the path, and for one next hop.
bool PrefixTree::has_room_to_grow(const Path& path, u32 block) const {
    if (!pools_[kResults].has_room(1, false) || !pools_[path.depth].has_room(block, false)) return false;
    for (unsigned level = path.depth + 1; level <= path.level; ++level) {
        if (!pools_[level].has_room(1, false)) return false;
    }
    return true;
}

/// The block of the nodes at `level` on the prefix's path, without or with one for the prefix.
PrefixTree::Siblings PrefixTree::siblings_of(const Path& path, unsigned level, u32 prefix) const {
    if (level == 0)
        return {prefix >> (32 - shape_->root_bits), 0, 0, root_[prefix >> (32 - shape_->root_bits)].child, 0};
    const u32 parent = path.at[level - 1];
    const TreeNode& node = nodes_[level - 1][parent];
    const unsigned slot = shape_->slot(prefix, level - 1);
    return {parent, slot, node.child_count(), node.children, rank_of(node.external, slot)};
}

/// Adds the nodes that are missing on the path, the last one with the prefix.
int PrefixTree::grow(const Path& path, u32 prefix, unsigned len, u16 hop) {
    const Siblings old = siblings_of(path, path.depth, prefix);
    if (!has_room_to_grow(path, old.count + 1)) return -err::nospc;
    TreeNode node = {};
    node.internal = bit_at(shape_->bit(prefix, len, path.level));
    node.results = take(kResults, 1);
    write_result(node.results, hop);
    for (unsigned level = path.level; level > path.depth; --level) {
        const u32 index = take(level, 1);
        set_node(level, index, node);
        node = {};
        node.external = bit_at(shape_->slot(prefix, level - 1));
        node.children = index;
    }
    const u32 block = take(path.depth, old.count + 1);
    copy_nodes(path.depth, old.first, block, old.rank);
    set_node(path.depth, block + old.rank, node);
    copy_nodes(path.depth, old.first + old.rank, block + old.rank + 1, old.count - old.rank);
    lead_to(path.depth, old, block, true);
    if (old.count != 0) give_up({path.depth, old.first, old.count});
    return 0;
}

/// Takes out the node in which the last prefix ended, and those above that led to nothing else.
int PrefixTree::prune(const Path& path, u32 prefix) {
    const TreeNode last = nodes_[path.level][path.at[path.level]];
    unsigned top = path.level;
    while (top > 0) {
        const TreeNode& above = nodes_[top - 1][path.at[top - 1]];
        if (above.internal != 0 || above.child_count() > 1) break;
        --top;
    }
    const Siblings old = siblings_of(path, top, prefix);
    u32 block = 0;
    if (old.count > 1) {
        if (!pools_[top].has_room(old.count - 1, true)) return -err::nospc;
        block = take(top, old.count - 1);
        copy_nodes(top, old.first, block, old.rank);
        copy_nodes(top, old.first + old.rank + 1, block + old.rank, old.count - 1 - old.rank);
    }
    lead_to(top, old, block, false);
    give_up({top, old.first, old.count == 0 ? 1 : old.count});
    for (unsigned level = top + 1; level <= path.level; ++level) give_up({level, path.at[level], 1});
    give_up({kResults, last.results, last.stored_results()});
    return 0;
}

int PrefixTree::put(u32 prefix, unsigned len, u16 hop) {
    if (len < shape_->root_bits) return put_short(prefix, len, hop);
    const Path path = find_path(prefix, len);
    int error = 0;
    bool is_new = true;
    if (path.depth <= path.level) {
        error = grow(path, prefix, len, hop);
    } else {
        const u32 index = path.at[path.level];
        const unsigned bit = shape_->bit(prefix, len, path.level);
        Hops hops = hops_of(nodes_[path.level][index]);
        is_new = !(hops.internal & bit_at(bit));
        set_hop(&hops, bit, hop);
        error = change_hops(path.level, index, hops, false);
    }
    if (error == 0 && is_new) ++prefixes_;
    return error;
}

int PrefixTree::remove(u32 prefix, unsigned len) {
    if (len < shape_->root_bits) return remove_short(prefix, len);
    const Path path = find_path(prefix, len);
    if (path.depth <= path.level) return -err::srch;
    const u32 index = path.at[path.level];
    const TreeNode& node = nodes_[path.level][index];
    const unsigned bit = shape_->bit(prefix, len, path.level);
    if (!(node.internal & bit_at(bit))) return -err::srch;
    int error = 0;
    if (node.external == 0 && count_bits(node.internal) == 1) {
        error = prune(path, prefix);
    } else {
        Hops hops = hops_of(node);
        remove_hop(&hops, bit);
        error = change_hops(path.level, index, hops, true);
    }
    if (error == 0) --prefixes_;
    return error;
}

bool PrefixTree::find(u32 prefix, unsigned len, u16* hop) const {
    if (len < shape_->root_bits) {
        if (!short_is_there(heap_of(prefix, len))) return false;
        *hop = short_hop_[heap_of(prefix, len)];
        return true;
    }
    const Path path = find_path(prefix, len);
    if (path.depth <= path.level) return false;
    const TreeNode& node = nodes_[path.level][path.at[path.level]];
    const unsigned bit = shape_->bit(prefix, len, path.level);
    if (!(node.internal & bit_at(bit))) return false;
    *hop = results_[node.result_of(bit)];
    return true;
}

}  // namespace fw
