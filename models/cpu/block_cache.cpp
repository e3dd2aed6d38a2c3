// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/block_cache.h"

#include <algorithm>

namespace turnpike::cpu {
namespace {
constexpr unsigned kMaxInsnBytes = 15;
constexpr unsigned kMaxAccessesOfOne = 64;
}  // namespace

BlockCache::BlockCache(Memory memory, TimingModel& timing)
    : memory_(memory),
      timing_(timing),
      front_(u64{1} << kFrontBits, &none_),
      code_map_((memory.size >> kPageShift) + 2, 0) {
    none_.successor[0] = none_.successor[1] = &none_;
}

Block* BlockCache::find(u64 rip) {
    const auto known = blocks_.find(rip);
    Block* block = known != blocks_.end() ? known->second : build(rip);
    if (block != nullptr) front_[front_index(rip)] = block;
    return block;
}

BlockCache::BlockEnd BlockCache::end_of(u64 rip) const {
    const auto known = blocks_.find(rip);
    if (known == blocks_.end()) return {rip, rip};
    const Block& block = *known->second;
    return {rip + block.form.ops.back().offset, block.behind};
}

Block* BlockCache::allocate() {
    if (free_.empty()) {
        pool_.push_back(std::make_unique<Block>());
        free_.push_back(pool_.back().get());
    }
    Block* block = free_.back();
    free_.pop_back();
    block->successor[0] = block->successor[1] = &none_;
    block->steps.clear();
    block->op_of_step.clear();
    block->form = {};
    block->is_return = block->is_string = false;
    return block;
}

bool BlockCache::append(Block& block, const Decoded& decoded, u64 rip) {
    BlockTemplate& form = block.form;
    Op op;
    op.offset = static_cast<u16>(rip - form.address);
    op.length = static_cast<u8>(decoded.length);
    op.cls = decoded.cls;
    op.mnemonic = decoded.mnemonic;
    op.first_access = static_cast<u8>(form.accesses.size());
    op.access_count = static_cast<u8>(decoded.access_count);
    op.first_step = static_cast<u8>(block.steps.size());
    form.accesses.insert(form.accesses.end(), decoded.accesses.begin(),
                         decoded.accesses.begin() + decoded.access_count);
    const u8 number = static_cast<u8>(form.ops.size());
    const auto add = [&](Insn step) {
        step.slot = op.first_access;
        step.end = static_cast<u16>(op.offset + op.length);
        block.steps.push_back(step);
        block.op_of_step.push_back(number);
    };
    if (decoded.address_step.run != nullptr) add(decoded.address_step);
    if (decoded.jcc >= 0 && !block.steps.empty()) {
        Insn& before = block.steps.back();
        if (const Handler fused = fused_handler(before.run, static_cast<unsigned>(decoded.jcc))) before.run = fused;
    }
    add(decoded.step);
    form.ops.push_back(op);
    return decoded.flow == Flow::next;
}

Block* BlockCache::build(u64 rip) {
    if (rip >= memory_.size) return nullptr;
    Block* block = allocate();
    block->form.address = rip;
    u64 at = rip;
    bool sets_rip = false;
    bool more = true;
    while (more && at < memory_.size) {
        const Decoded decoded = decoder_.decode(at, memory_.data + at, std::min<u64>(kMaxInsnBytes, memory_.size - at));
        const bool alone = decoded.flow == Flow::alone || decoded.flow == Flow::alone_ret;
        if (alone && at != rip) break;
        sets_rip = decoded.sets_rip;
        block->is_return = decoded.flow == Flow::ret || decoded.flow == Flow::alone_ret;
        block->is_string = decoded.cls == OpClass::string;
        more = append(*block, decoded, at);
        at += decoded.length;
        more = more && block->form.ops.size() < kMaxBlockInsns &&
               block->form.accesses.size() + kMaxAccessesOfOne < kMaxSlots && !marks_.contains(at);
    }
    finish(*block, at, sets_rip);
    return block;
}

void BlockCache::finish(Block& block, u64 end, bool sets_rip) {
    const u64 rip = block.form.address;
    block.form.code.assign(memory_.data + rip, memory_.data + std::min(end, memory_.size));
    const std::size_t last = block.steps.size() - 1;
    if (!sets_rip) {
        Insn step;
        step.run = block_end_handler();
        step.imm = end;
        block.steps.push_back(step);
        block.op_of_step.push_back(block.op_of_step.back());
    }
    block.compiled = timing_.compile(block.form);
    block.timing = block.compiled.get();
    block.code = block.steps.data();
    block.last = block.code + last;
    block.behind = end;
    block.ops = static_cast<u16>(block.form.ops.size());
    block.marked = marks_.contains(rip);
    block.rip = rip;
    blocks_[rip] = &block;
    enter_pages(block);
}

void BlockCache::enter_pages(Block& block) {
    for (u64 page = block.rip >> kPageShift; page <= (block.behind - 1) >> kPageShift; ++page) {
        pages_[page].push_back(&block);
        refresh_map(page);
    }
}

void BlockCache::refresh_map(u64 page) {
    const auto has_code = [&](u64 number) {
        const auto found = pages_.find(number);
        return found != pages_.end() && !found->second.empty();
    };
    const auto set = [&](u64 number) {
        if (number < code_map_.size()) code_map_[number] = has_code(number) || has_code(number + 1) ? 1 : 0;
    };
    set(page);
    if (page > 0) set(page - 1);
}

void BlockCache::kill(Block& block) {
    const u64 first = block.rip >> kPageShift;
    const u64 last = (block.behind - 1) >> kPageShift;
    blocks_.erase(block.rip);
    block.rip = Block::kDead;
    for (u64 page = first; page <= last; ++page) {
        std::erase(pages_[page], &block);
        refresh_map(page);
    }
    free_.push_back(&block);
}

bool BlockCache::invalidate(u64 address, u64 bytes) {
    if (bytes == 0 || address >= memory_.size) return false;
    const u64 end = address + std::min(bytes, memory_.size - address);
    std::vector<Block*> hit;
    for (u64 page = address >> kPageShift; page <= (end - 1) >> kPageShift; ++page) {
        if (code_map_[page] == 0) continue;
        const auto found = pages_.find(page);
        if (found == pages_.end()) continue;
        for (Block* block : found->second) {
            const bool overlaps = block->rip < end && address < block->behind;
            if (overlaps && std::find(hit.begin(), hit.end(), block) == hit.end()) hit.push_back(block);
        }
    }
    for (Block* block : hit) kill(*block);
    return !hit.empty();
}

void BlockCache::mark(u64 rip) {
    if (!marks_.insert(rip).second) return;
    invalidate(rip, 1);
}

}  // namespace turnpike::cpu
