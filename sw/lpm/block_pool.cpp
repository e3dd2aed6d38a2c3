// SPDX-License-Identifier: Apache-2.0
#include "sw/lpm/block_pool.h"

namespace fw {

void BlockPool::init(u32 cells, u32 largest, u32* links) {
    chunk_cells_ = chunk_cells_for(cells, largest);
    chunks_ = chunks_for(cells, largest);
    links_ = links;
    reserve_ = largest > 1 ? sizes_up_to(rounded(largest)) : 0;
    cells_in_blocks_ = 0;
    free_chunks_ = 0;
    first_free_ = kNone;
    for (u32 chunk = chunks_; chunk-- > 0;) give_back(chunk);
    for (u32& chunk : open_chunk_) chunk = kNone;
    for (u32& blocks : open_blocks_) blocks = 0;
}

void BlockPool::give_back(u32 chunk) {
    links_[chunk] = first_free_;
    first_free_ = chunk;
    ++free_chunks_;
}

bool BlockPool::has_room(u32 size, bool for_removal) const {
    size = rounded(size);
    if (open_chunk_[size] != kNone) return true;
    return free_chunks_ > (for_removal ? 0 : reserve_);
}

u32 BlockPool::take(u32 size) {
    size = rounded(size);
    u32& chunk = open_chunk_[size];
    u32& blocks = open_blocks_[size];
    if (chunk == kNone) {
        chunk = first_free_;
        first_free_ = links_[chunk];
        --free_chunks_;
        blocks = 0;
    }
    const u32 cell = chunk * chunk_cells_ + blocks * size;
    cells_in_blocks_ += size;
    if (++blocks == blocks_per_chunk(size)) chunk = kNone;
    return cell;
}

u32 BlockPool::filler_of(u32 cell, u32 size) {
    size = rounded(size);
    if (open_chunk_[size] == kNone) {
        open_chunk_[size] = cell / chunk_cells_;
        open_blocks_[size] = blocks_per_chunk(size);
    }
    return open_chunk_[size] * chunk_cells_ + (open_blocks_[size] - 1) * size;
}

void BlockPool::drop_filler(u32 size) {
    size = rounded(size);
    cells_in_blocks_ -= size;
    if (--open_blocks_[size] != 0) return;
    give_back(open_chunk_[size]);
    open_chunk_[size] = kNone;
}

}  // namespace fw
