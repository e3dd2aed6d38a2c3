// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/block_cache.h"

#include <algorithm>
#include <cstring>

namespace turnpike::cpu {
namespace {
constexpr u64 kMaxInsnBytes = 15;
constexpr unsigned kMaxAccessesOfOne = 64;
}  // namespace

BlockCache::BlockCache(Memory memory, TimingModel& timing, const Identity& identity, SharedMemory* shared)
    : memory_(memory),
      timing_(timing),
      core_(identity.number),
      shared_(shared),
      decoder_(identity.maker),
      front_(u64{1} << kFrontBits, &none_),
      code_map_((memory.size >> kPageShift) + 2, 0) {
    none_.successor[0] = none_.successor[1] = &none_;
    if (shared_ != nullptr) shared_->add_code(core_, *this);
}

Block* BlockCache::find(u64 rip, u64 key, CodePages& pages) {
    const std::optional<CodeRun> run = pages.code_at(rip);
    if (!run) return nullptr;
    const bool single = (key & Block::kSingle) != (rip & Block::kSingle);
    const auto known = blocks_.find({rip, run->physical, single});
    Block* block = known != blocks_.end() ? known->second : nullptr;
    if (block != nullptr && (!still_there(*block, pages) || !block->listed)) {
        kill(*block);
        block = nullptr;
    }
    if (block == nullptr) {
        if (held_ >= kMaxInsnsHeld) kill_all();
        block = build(rip, *run, single, pages);
    }
    block->key = key;
    front_[front_index(key)] = block;
    return block;
}

/// A block that crosses pages: whether the second one is still where it was.
bool BlockCache::still_there(const Block& block, CodePages& pages) const {
    const u64 bytes = block.behind - block.rip;
    if (bytes <= block.physical_bytes) return true;
    const std::optional<CodeRun> run = pages.code_at(block.rip + block.physical_bytes);
    return run && run->physical == block.second;
}

void BlockCache::forget_keys() {
    for (const auto& [place, block] : blocks_) block->key = Block::kDead;
}

BlockCache::BlockEnd BlockCache::end_of(u64 rip) const {
    for (const auto& block : pool_) {
        if (block->listed && block->rip == rip) return {rip + block->form.ops.back().offset, block->behind};
    }
    return {rip, rip};
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
    block->is_return = block->is_string = block->listed = false;
    block->mark = nullptr;
    block->second = 0;
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
    if (shared_ != nullptr && decoded.cls == OpClass::locked) {
        Insn step;
        step.run = synchronise_handler();
        add(step);
    }
    if (decoded.address_step.run != nullptr) add(decoded.address_step);
    if (decoded.jcc >= 0 && !block.steps.empty()) {
        Insn& before = block.steps.back();
        if (const Handler fused = fused_handler(before.run, static_cast<unsigned>(decoded.jcc))) before.run = fused;
    }
    add(decoded.step);
    form.ops.push_back(op);
    return decoded.flow == Flow::next;
}

/// The instruction at `rip`, of which only `run` can be fetched in one piece.
Decoded BlockCache::decode_across(Block& block, u64 rip, const CodeRun& run, CodePages& pages) {
    const std::optional<CodeRun> rest = pages.code_at(rip + run.bytes);
    std::array<u8, kMaxInsnBytes> bytes{};
    u64 count = run.bytes;
    std::memcpy(bytes.data(), memory_.data + run.physical, count);
    if (rest) {
        const u64 more = std::min<u64>(kMaxInsnBytes - count, rest->bytes);
        std::memcpy(bytes.data() + count, memory_.data + rest->physical, more);
        count += more;
        block.second = rest->physical;
    }
    const Decoded decoded = decoder_.decode(rip, bytes.data(), count);
    block.form.code.assign(bytes.data(), bytes.data() + decoded.length);
    return decoded;
}

Block* BlockCache::build(u64 rip, const CodeRun& run, bool single, CodePages& pages) {
    // Fetching the second page of the first instruction may fault: before a block is taken from the pool.
    const u64 in_first = std::min<u64>(kMaxInsnBytes, run.bytes);
    const bool crosses = decoder_.decode(rip, memory_.data + run.physical, in_first).truncated;
    if (crosses) pages.code_at(rip + run.bytes);
    Block* block = allocate();
    block->form.address = block->rip = rip;
    block->physical = run.physical;
    block->physical_bytes = run.bytes;
    block->single = single;
    const unsigned limit = single || crosses ? 1 : kMaxBlockInsns;
    u64 done = 0;
    bool sets_rip = false;
    bool more = true;
    while (more && done < run.bytes) {
        const u64 at = rip + done;
        const Decoded decoded = crosses ? decode_across(*block, at, run, pages)
                                        : decoder_.decode(at, memory_.data + run.physical + done,
                                                          std::min(kMaxInsnBytes, run.bytes - done));
        const bool alone = decoded.flow == Flow::alone || decoded.flow == Flow::alone_ret;
        if (alone && done != 0) break;
        sets_rip = decoded.sets_rip;
        block->is_return = decoded.flow == Flow::ret || decoded.flow == Flow::alone_ret;
        block->is_string = decoded.cls == OpClass::string;
        more = append(*block, decoded, at);
        done += decoded.length;
        more = more && block->form.ops.size() < limit && block->form.accesses.size() + kMaxAccessesOfOne < kMaxSlots &&
               !marks_.contains(rip + done);
    }
    finish(*block, rip + done, sets_rip);
    return block;
}

void BlockCache::finish(Block& block, u64 end, bool sets_rip) {
    const u64 rip = block.form.address;
    const u8* const code = memory_.data + block.physical;
    if (block.form.code.empty()) block.form.code.assign(code, code + (end - rip));
    block.physical_bytes = std::min(block.physical_bytes, end - rip);
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
    block.listed = true;
    held_ += block.ops;
    blocks_[{rip, block.physical, block.single}] = &block;
    enter_pages(block);
}

template <class Visit>
void BlockCache::for_each_page(const Block& block, Visit visit) {
    const auto pages_of = [&](u64 start, u64 bytes) {
        for (u64 page = start >> kPageShift; page <= (start + bytes - 1) >> kPageShift; ++page) visit(page);
    };
    pages_of(block.physical, block.physical_bytes);
    const u64 rest = block.behind - block.rip - block.physical_bytes;
    if (rest != 0) pages_of(block.second, rest);
}

void BlockCache::enter_pages(Block& block) {
    for_each_page(block, [&](u64 page) {
        pages_[page].push_back(&block);
        refresh_map(page);
    });
}

void BlockCache::refresh_map(u64 page) {
    const auto has_code = [&](u64 number) {
        const auto found = pages_.find(number);
        return found != pages_.end() && !found->second.empty();
    };
    const auto set = [&](u64 number) {
        if (number >= code_map_.size()) return;
        code_map_[number] = has_code(number) || has_code(number + 1) ? 1 : 0;
        if (shared_ != nullptr) shared_->set_code(core_, number, code_map_[number] != 0);
    };
    set(page);
    if (page > 0) set(page - 1);
}

void BlockCache::kill(Block& block) {
    // A walk sets flags in the page tables, which may lie among the code that is being looked for.
    if (!block.listed) return;
    blocks_.erase({block.rip, block.physical, block.single});
    block.key = Block::kDead;
    block.listed = false;
    held_ -= block.ops;
    for_each_page(block, [&](u64 page) {
        std::erase(pages_[page], &block);
        refresh_map(page);
    });
    free_.push_back(&block);
}

void BlockCache::kill_all() {
    for (const auto& block : pool_) {
        if (block->listed) kill(*block);
    }
}

bool BlockCache::invalidate(u64 address, u64 bytes) {
    if (bytes == 0 || address >= memory_.size) return false;
    const u64 end = address + std::min(bytes, memory_.size - address);
    const auto overlaps = [&](u64 start, u64 count) { return start < end && address < start + count; };
    std::vector<Block*> hit;
    for (u64 page = address >> kPageShift; page <= (end - 1) >> kPageShift; ++page) {
        if (code_map_[page] == 0) continue;
        const auto found = pages_.find(page);
        if (found == pages_.end()) continue;
        for (Block* block : found->second) {
            const u64 rest = block->behind - block->rip - block->physical_bytes;
            const bool touched = overlaps(block->physical, block->physical_bytes) || overlaps(block->second, rest);
            if (touched && std::find(hit.begin(), hit.end(), block) == hit.end()) hit.push_back(block);
        }
    }
    for (Block* block : hit) kill(*block);
    return !hit.empty();
}

bool BlockCache::stored(u64 address, u64 bytes) {
    if (shared_ != nullptr) shared_->stored(core_, address, bytes);
    return invalidate(address, bytes);
}

void BlockCache::mark(u64 rip) {
    if (!marks_.insert(rip).second) return;
    for (const auto& block : pool_) {
        if (block->listed && block->rip <= rip && rip < block->behind) kill(*block);
    }
}

}  // namespace turnpike::cpu
