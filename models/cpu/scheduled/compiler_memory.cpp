// SPDX-License-Identifier: Apache-2.0
// The micro-ops of an instruction's memory accesses.
#include <algorithm>

#include "models/cpu/scheduled/compiler.h"

namespace turnpike::cpu::scheduled {

void Compiler::loads(const Facts& facts, const Op& op, const BlockTemplate& block) {
    const bool writes =
        std::any_of(facts.memory.begin(), facts.memory.end(), [](const Address& a) { return a.writes; });
    const bool extends = facts.mnemonic == ZYDIS_MNEMONIC_MOVZX || facts.mnemonic == ZYDIS_MNEMONIC_MOVSX;
    unsigned number = 0;
    for (unsigned n = 0; n < op.access_count; ++n) {
        const Access& access = block.accesses[op.first_access + n];
        if (access.write) continue;
        while (number < facts.memory.size() && !facts.memory[number].reads) ++number;
        MicroOp& load = add(Kind::load);
        load.ports = load_;
        load.access = static_cast<u8>(op.first_access + n);
        load.bytes = access.bytes;
        load.latency = static_cast<u8>(rules_.load_latency);
        load.dst[kFirst] = kLoaded;
        load.rmw = writes && !facts.stack;
        load.renamable = rules_.memory_renaming != 0 && !facts.lock && (access.bytes >= 4 || !extends);
        if (number < facts.memory.size()) {
            const Address& from = facts.memory[number];
            if (!from.hidden) load.src[0] = from.base, load.src[1] = from.index;
            if (from.hidden) load.src[0] = RSP;
            load.expression = from.expression;
            if (from.scaled || (from.index != kAlways && from.base != kAlways && from.displaced)) {
                load.latency = static_cast<u8>(load.latency + rules_.indexed_latency);
            }
            ++number;
        }
        if (facts.lock) load.src[2] = kLock;
    }
}

void Compiler::stores(const Facts& facts, const Op& op, const BlockTemplate& block, u8 data) {
    unsigned number = 0;
    for (unsigned n = 0; n < op.access_count; ++n) {
        const Access& access = block.accesses[op.first_access + n];
        if (!access.write) continue;
        while (number < facts.memory.size() && !facts.memory[number].writes) ++number;
        MicroOp& store = add(Kind::store);
        store.ports = store_address_;
        store.data_ports = store_data_;
        store.access = static_cast<u8>(op.first_access + n);
        store.bytes = access.bytes;
        store.src[2] = data;
        if (number < facts.memory.size()) {
            const Address& to = facts.memory[number];
            store.src[0] = to.hidden ? static_cast<u8>(RSP) : to.base;
            store.src[1] = to.index;
            store.expression = to.expression;
            ++number;
        }
    }
}

}  // namespace turnpike::cpu::scheduled
