// SPDX-License-Identifier: Apache-2.0
// Blocks of 1 to 64 cells out of one memory. The memory is cut into chunks; a chunk holds blocks of one size, and of
// each size all chunks but one are full: who frees a block moves the last block of that one chunk into the hole. So
// what is lost is at most a part of one chunk for each size, and what does not divide a chunk, whatever happened
// before.
#pragma once
#include "sw/hal/hal.h"

namespace fw {

inline constexpr unsigned kMaxBlock = 64;

class BlockPool {
  public:
    /// Cells that a chunk of a memory of this many cells has: short memories can't spare long ones. `largest`: no block
    /// will be larger.
    static constexpr u32 chunk_cells_for(u32 cells, u32 largest) {
        if (largest == 1) return 1;
        const u32 wanted = cells < 2048 ? 16 : cells < 65536 ? 64 : cells < 131072 ? 128 : 256;
        return wanted < largest ? kMaxBlock : wanted;
    }
    static constexpr u32 chunks_for(u32 cells, u32 largest) { return cells / chunk_cells_for(cells, largest); }

    /// `links`: a word for each chunk.
    void init(u32 cells, u32 largest, u32* links);

    /// Room for one more block. Chunks of the last reserve are given only where `for_removal`.
    bool has_room(u32 size, bool for_removal) const;
    /// The first cell of a new block. There must be room.
    u32 take(u32 size);
    /// The block that has to move into the hole when the block at `cell` is freed: itself, or another.
    u32 filler_of(u32 cell, u32 size);
    /// The filler's place is free from now on.
    void drop_filler(u32 size);

    u32 cells_in_blocks() const { return cells_in_blocks_; }
    /// Cells of chunks in use: what no block of another size can have.
    u32 cells_in_chunks() const { return (chunks_ - free_chunks_) * chunk_cells_; }

  private:
    static constexpr u32 kNone = ~u32{0};

    /// Large blocks come in fewer sizes: 17 to 32 cells by fours, 33 to 64 by eights.
    static constexpr u32 rounded(u32 size) {
        const u32 step = size <= 16 ? 1 : size <= 32 ? 4 : 8;
        return (size + step - 1) / step * step;
    }
    static constexpr u32 sizes_up_to(u32 largest) {
        u32 count = 0;
        for (u32 size = 1; size <= largest; size = rounded(size + 1)) ++count;
        return count;
    }
    u32 blocks_per_chunk(u32 size) const { return chunk_cells_ / size; }
    void give_back(u32 chunk);

    u32 chunk_cells_ = 0;
    u32 chunks_ = 0;
    u32 free_chunks_ = 0;
    u32 first_free_ = kNone;
    /// Chunks that only removals may take. A removal needs a smaller block for the larger one that it frees, and may
    /// open a chunk for it; by no sequence of removals can more than one chunk for each size be open.
    u32 reserve_ = 0;
    u32 cells_in_blocks_ = 0;
    u32* links_ = nullptr;
    u32 open_chunk_[kMaxBlock + 1] = {};  ///< kNone: the size has none that isn't full
    u32 open_blocks_[kMaxBlock + 1] = {};
};

}  // namespace fw
