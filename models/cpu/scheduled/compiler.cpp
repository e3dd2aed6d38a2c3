// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/compiler.h"

#include <algorithm>

namespace turnpike::cpu::scheduled {
namespace {

constexpr unsigned kSixteenths = 16;
constexpr unsigned kOperandsOfCompute = 3;

u8 cycles_of(u64 sixteenths) {
    return static_cast<u8>(std::min<u64>(255, (sixteenths + kSixteenths - 1) / kSixteenths));
}

bool is_zero_idiom(const Facts& facts) {
    if (facts.shape != "rr" || facts.target != facts.source || facts.high_byte || facts.bits < 32) return false;
    return facts.mnemonic == ZYDIS_MNEMONIC_XOR || facts.mnemonic == ZYDIS_MNEMONIC_SUB ||
           facts.mnemonic == ZYDIS_MNEMONIC_CMP;
}

bool is_plain_move(const Facts& facts) { return facts.mnemonic == ZYDIS_MNEMONIC_MOV; }

/// Operations that only a load or a store carries out, unless a load does not extend signs or swap bytes by itself.
bool is_transfer(const Facts& facts, bool extending_load_op) {
    switch (facts.mnemonic) {
        case ZYDIS_MNEMONIC_MOV:
            return !facts.memory.empty() && (facts.memory[0].writes || facts.target_bits >= 32);
        case ZYDIS_MNEMONIC_MOVSX:
        case ZYDIS_MNEMONIC_MOVSXD:
        case ZYDIS_MNEMONIC_MOVBE:
            if (extending_load_op && !facts.memory.empty() && facts.memory[0].reads) return false;
            [[fallthrough]];
        case ZYDIS_MNEMONIC_MOVZX:
            return !facts.memory.empty() && (facts.bits >= 32 || facts.memory[0].writes);
        case ZYDIS_MNEMONIC_PUSH:
        case ZYDIS_MNEMONIC_POP:
        case ZYDIS_MNEMONIC_CALL:
        case ZYDIS_MNEMONIC_RET:
            return true;
        default:
            return false;
    }
}

bool is_simple_alu(ZydisMnemonic mnemonic) {
    switch (mnemonic) {
        case ZYDIS_MNEMONIC_ADD:
        case ZYDIS_MNEMONIC_SUB:
        case ZYDIS_MNEMONIC_AND:
        case ZYDIS_MNEMONIC_OR:
        case ZYDIS_MNEMONIC_XOR:
        case ZYDIS_MNEMONIC_INC:
        case ZYDIS_MNEMONIC_DEC:
        case ZYDIS_MNEMONIC_NEG:
        case ZYDIS_MNEMONIC_NOT:
        case ZYDIS_MNEMONIC_SHL:
        case ZYDIS_MNEMONIC_SHR:
        case ZYDIS_MNEMONIC_SAR:
            return true;
        default:
            return false;
    }
}

void take_sources(MicroOp& op, u32 places, bool loaded) {
    unsigned count = 0;
    if (loaded) op.src[count++] = kLoaded;
    for (unsigned place = 0; place < kAlways && count < op.src.size(); ++place) {
        if ((places >> place & 1) != 0) op.src[count++] = static_cast<u8>(place);
    }
}

}  // namespace

Compiler::Compiler(const regs::CpuProfile& profile)
    : rules_(profile.schedule),
      forms_(profile),
      filler_(profile.memory.branch),
      alu_(forms_.ports("alu")),
      load_(forms_.ports("load")),
      store_address_(forms_.ports("store_address")),
      store_data_(forms_.ports("store_data")),
      branch_(forms_.ports("branch")),
      locked_(cycles_of(profile.core.locked_16ths)),
      serialising_(cycles_of(profile.core.serialising_16ths)) {}

std::unique_ptr<Program> Compiler::compile(const BlockTemplate& block) {
    auto program = std::make_unique<Program>();
    out_ = program.get();
    facts_.resize(block.ops.size());
    for (std::size_t n = 0; n < block.ops.size(); ++n) {
        const Op& op = block.ops[n];
        finder_.find(block.code.data() + op.offset, block.code.size() - op.offset, facts_[n]);
    }
    u64 line = ~u64{0};
    for (unsigned n = 0; n < block.ops.size(); ++n) {
        const u64 here = (block.address + block.ops[n].offset) / rules_.line_bytes;
        out_->begin.push_back(static_cast<u32>(out_->ops.size()));
        out_->stack_before.push_back(out_->stack);
        instruction(block, n);
        out_->ops[out_->begin.back()].slots = static_cast<u8>(out_->ops[out_->begin.back()].slots + field_slots(n));
        if (n > 0 && here != line) out_->ops[out_->begin.back()].new_line = true;
        line = here;
    }
    fill_lines(block);
    for (MicroOp& op : out_->ops) {
        const bool computes = op.kind == Kind::compute || op.kind == Kind::sync;
        if (computes && rules_.chain_replay != 0) link(op);
        if (op.kind != Kind::compute) continue;
        if (op.dst[kSecond] != kSink || op.src[kOperandsOfCompute] != kAlways) op.kind = Kind::wide;
        if (op.busy != 1 || op.bits_per_cycle != 0) op.kind = Kind::divide;
    }
    out_->begin.push_back(static_cast<u32>(out_->ops.size()));
    out_->stack_before.push_back(out_->stack);
    out_->instructions = static_cast<u32>(block.ops.size());
    out_->size = static_cast<u32>(out_->ops.size());
    out_->address = block.address;
    out_->branch = find_branch(block);
    out_->first_line = block.address / rules_.line_bytes;
    out_->last_line = line;
    if (!block.ops.empty()) out_->last_class = block.ops.back().cls;
    return program;
}

/// A slot has room for one displacement or immediate. What needs two takes the room of a neighbour that has none, or
/// else a slot more.
unsigned Compiler::field_slots(unsigned number) const {
    if (rules_.field_slots == 0 || facts_[number].fields < 2) return 0;
    const bool before = number > 0 && facts_[number - 1].fields == 0;
    const bool behind = number + 1 < facts_.size() && facts_[number + 1].fields == 0;
    return before || behind ? 0 : 1;
}

/// An instruction belongs to the code line that it ends in. What shares a slot with another shares its place.
void Compiler::fill_lines(const BlockTemplate& block) {
    const auto line_of = [&](const Op& op) { return (block.address + op.offset + op.length - 1) / rules_.line_bytes; };
    if (block.ops.empty()) return;
    out_->first_filled = line_of(block.ops.front());
    filler_.next_line();
    for (std::size_t n = 0; n < block.ops.size(); ++n) {
        const MicroOp& op = out_->ops[out_->begin[n]];
        filler_.add(op.slots - field_slots(static_cast<unsigned>(n)), op.kind == Kind::nothing ? 0 : facts_[n].fields);
        if (n + 1 < block.ops.size() && line_of(block.ops[n + 1]) == line_of(block.ops[n])) continue;
        out_->line_places.push_back(filler_.places());
        filler_.next_line();
    }
}

/// What is computed from constants alone is known when it is renamed.
void Compiler::link(MicroOp& op) const {
    const bool has_operands = std::any_of(op.src.begin(), op.src.end(), [](u8 place) { return place != kAlways; });
    if (has_operands && op.latency == 1 && op.ports == alu_) op.link = kFirstLink;
    op.data_ports = alu_;
}

MicroOp& Compiler::add(Kind kind) {
    MicroOp op;
    op.kind = kind;
    out_->ops.push_back(op);
    return out_->ops.back();
}

void Compiler::instruction(const BlockTemplate& block, unsigned number) {
    const Facts& facts = facts_[number];
    const Op& op = block.ops[number];
    sync_stack(facts);
    if (op.cls == OpClass::serialising) {
        MicroOp& drain = add(Kind::serialise);
        drain.latency = serialising_;
        drain.slots = 1;
        return;
    }
    if (op.cls == OpClass::string) {
        MicroOp& string = add(Kind::string);
        string.slots = 1;
        return;
    }
    if (without_execution(facts, number)) return;
    compute(facts, op, block, number);
}

/// PUSH and its like leave a difference to RSP in the front end, which the next explicit use must add first.
void Compiler::sync_stack(const Facts& facts) {
    if (facts.explicit_rsp && out_->stack != StackState::clean) {
        MicroOp& op = add(out_->stack == StackState::as_before ? Kind::sync : Kind::compute);
        op.slots = 1;
        op.ports = alu_;
        op.latency = 1;
        op.src[0] = RSP;
        op.dst[kFirst] = RSP;
        out_->stack = StackState::clean;
    }
    if (facts.sets_rsp) out_->stack = StackState::clean;
    if (facts.stack) out_->stack = StackState::dirty;
}

bool Compiler::is_eliminated_move(const Facts& facts) const {
    if (facts.shape != "rr" || facts.high_byte || rules_.move_elimination == 0) return false;
    if (is_plain_move(facts)) return facts.bits >= 32;
    return rules_.extension_elimination != 0 && facts.mnemonic == ZYDIS_MNEMONIC_MOVZX && facts.source_bits == 8 &&
           facts.bits >= 32 && facts.source != facts.target;
}

bool Compiler::fuses_with_operation(unsigned number) const {
    if (rules_.move_fusion == 0 || number + 1 >= facts_.size()) return false;
    const Facts& move = facts_[number];
    const Facts& next = facts_[number + 1];
    return is_simple_alu(next.mnemonic) && next.target == move.target && next.source != move.target &&
           next.memory.empty() && next.bits >= 32;
}

bool Compiler::without_execution(const Facts& facts, unsigned number) {
    if (facts.category == ZYDIS_CATEGORY_NOP || facts.category == ZYDIS_CATEGORY_WIDENOP) {
        add(Kind::nothing).slots = 1;
        return true;
    }
    if (is_zero_idiom(facts)) {
        MicroOp& op = add(Kind::move);
        op.slots = 1;
        if (facts.mnemonic != ZYDIS_MNEMONIC_CMP) op.dst[kFirst] = static_cast<u8>(facts.target);
        op.dst[kToCarry] = kCarry;
        op.dst[kToFlags] = kFlags;
        return true;
    }
    if (is_eliminated_move(facts)) {
        MicroOp& op = add(Kind::move);
        op.slots = fuses_with_operation(number) ? 0 : 1;
        op.src[0] = static_cast<u8>(facts.source);
        op.dst[kFirst] = static_cast<u8>(facts.target);
        return true;
    }
    if (facts.mnemonic == ZYDIS_MNEMONIC_XCHG && facts.shape == "rr" && facts.bits >= 32 &&
        rules_.move_elimination != 0 && forms_.find(facts).uops.empty()) {
        MicroOp& op = add(Kind::swap);
        op.slots = 2;
        op.src[0] = op.dst[kSecond] = static_cast<u8>(facts.target);
        op.src[1] = op.dst[kFirst] = static_cast<u8>(facts.source);
        return true;
    }
    return false;
}

bool Compiler::fuses_with_branch(unsigned number) const {
    if (rules_.flag_fusion == 0 || number + 1 >= facts_.size()) return false;
    const Facts& facts = facts_[number];
    if (!facts_[number + 1].is_conditional_branch()) return false;
    if (facts.shape == "mi") return false;
    switch (facts.mnemonic) {
        case ZYDIS_MNEMONIC_CMP:
        case ZYDIS_MNEMONIC_TEST:
            return true;
        case ZYDIS_MNEMONIC_ADD:
        case ZYDIS_MNEMONIC_SUB:
        case ZYDIS_MNEMONIC_AND:
        case ZYDIS_MNEMONIC_INC:
        case ZYDIS_MNEMONIC_DEC:
            return rules_.flag_fusion > 1 && (facts.memory.empty() || !facts.memory[0].writes);
        default:
            return false;
    }
}

bool Compiler::fused_behind(unsigned number) const { return number > 0 && fuses_with_branch(number - 1); }

u8 Compiler::slots_of(const Facts& facts, const Form& form, bool needs_op) const {
    if (form.slots != 0) return form.slots;
    unsigned slots = 1;
    const bool reads = std::any_of(facts.memory.begin(), facts.memory.end(), [](const Address& a) { return a.reads; });
    const bool writes =
        std::any_of(facts.memory.begin(), facts.memory.end(), [](const Address& a) { return a.writes; });
    const bool indexed =
        std::any_of(facts.memory.begin(), facts.memory.end(), [](const Address& a) { return a.index != kAlways; });
    if (reads && writes) slots = static_cast<unsigned>(rules_.rmw_slots);
    if (rules_.indexed_unlamination != 0 && indexed && (writes || needs_op)) ++slots;
    return static_cast<u8>(slots);
}

/// LEA of three parts: first base and displacement, then the index.
void Compiler::add_base(const Facts& facts) {
    MicroOp& op = add(Kind::compute);
    op.ports = alu_;
    op.latency = 1;
    op.src[0] = facts.lea.base;
    op.dst[kFirst] = kResult;
}

/// CF is kept apart from the other flags; who asks for both gets them by an operation of its own.
void Compiler::join_flags() {
    MicroOp& join = add(Kind::compute);
    join.ports = alu_;
    join.latency = 1;
    join.src[0] = kCarry;
    join.src[1] = kFlags;
    join.dst[kFirst] = kResult;
}

void Compiler::compute(const Facts& facts, const Op& op, const BlockTemplate& block, unsigned number) {
    const std::size_t begin = out_->ops.size();
    const Form& form = forms_.find(facts);
    const bool transfer = is_transfer(facts, rules_.extending_load_op != 0);
    if (facts.lock) {
        MicroOp& lock = add(Kind::lock);
        lock.latency = locked_;
        lock.dst[kFirst] = kLock;
    }
    loads(facts, op, block);
    const bool loaded = out_->ops.size() > begin && out_->ops.back().kind == Kind::load;
    const bool stores_something =
        std::any_of(facts.memory.begin(), facts.memory.end(), [](const Address& a) { return a.writes; });
    const bool fused = fused_behind(number);
    u8 data = kAlways;
    if (transfer) {
        // The value passes through: from memory to a register, from a register to memory, or both ways on the stack.
        if (loaded) {
            data = kLoaded;
            if (!facts.results.empty()) out_->ops.back().dst[kFirst] = facts.results[0];
        } else if (!facts.memory.empty() && !facts.lock) {
            const unsigned from = facts.shape == "r" ? facts.target : facts.source;
            data = static_cast<u8>(from == kSink ? kAlways : from);
        }
    }
    const bool branches = op.cls == OpClass::branch || op.cls == OpClass::indirect;
    const bool operates = !transfer || branches;
    if (operates && !fused && !form.uops.empty()) {
        MicroOp main;
        main.kind = Kind::compute;
        main.ports = branches ? branch_ : fuses_with_branch(number) ? form.uops[0] & branch_ : form.uops[0];
        if (main.ports == 0) main.ports = branch_;
        main.latency = form.latency;
        main.second_latency = form.second_latency;
        main.busy = form.busy;
        main.bits_per_cycle = op.cls == OpClass::div ? form.bits_per_cycle : 0;
        main.bits_per_busy = op.cls == OpClass::div ? form.bits_per_busy : 0;
        u32 sources = facts.reads;
        if (facts.mnemonic == ZYDIS_MNEMONIC_LEA) {
            sources = (1U << facts.lea.base | 1U << facts.lea.index) & ~(1U << kAlways);
        }
        const bool in_two = facts.mnemonic == ZYDIS_MNEMONIC_LEA && form.uops.size() == 2;
        if (in_two) {
            add_base(facts);
            sources = 1U << facts.lea.index | 1U << kResult;
        }
        if (form.flags_first) {
            join_flags();
            sources = (sources & ~(1U << kCarry | 1U << kFlags)) | 1U << kResult;
        }
        take_sources(main, sources, loaded);
        if (!transfer) {
            if (!facts.results.empty()) main.dst[kFirst] = facts.results[0];
            if (facts.results.size() > 1) main.dst[kSecond] = facts.results[1];
            if (stores_something) main.dst[kFirst] = data = kResult;
            if (stores_something && !facts.results.empty()) main.dst[kSecond] = facts.results[0];
            if (facts.writes_place(kCarry)) main.dst[kToCarry] = kCarry;
            if (facts.writes_place(kFlags)) main.dst[kToFlags] = kFlags;
        }
        out_->ops.push_back(main);
        for (std::size_t n = in_two ? 2 : 1; n < form.uops.size(); ++n) {
            MicroOp more;
            more.kind = Kind::compute;
            more.ports = form.uops[n];
            more.src = main.src;
            out_->ops.push_back(more);
        }
    }
    stores(facts, op, block, data);
    if (out_->ops.size() == begin) add(Kind::nothing);
    out_->ops[begin].slots = fused ? 0 : slots_of(facts, form, loaded && operates);
}

}  // namespace turnpike::cpu::scheduled
