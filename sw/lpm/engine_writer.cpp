// SPDX-License-Identifier: Apache-2.0
#include "sw/lpm/engine_writer.h"

#include "regs/lpm.h"

namespace fw {

namespace reg = regs::lpm;

namespace {

constexpr u64 kLpmId = 0x4D504C54;  // 'TLPM'
constexpr u64 kRootMemory = 0, kResultMemory = 6;

EngineWriter* self(void* context) { return static_cast<EngineWriter*>(context); }

}  // namespace

void EngineWriter::init(const EngineBus& bus) {
    bus_ = bus;
    place_ = high_ = ~u64{0};
    writer_.context = this;
    writer_.root = [](void* at, u32 index, const TreeRoot& word) { self(at)->write_root(index, word); };
    writer_.node = [](void* at, unsigned level, u32 index, const TreeNode& word) {
        self(at)->write_node(level, index, word);
    };
    writer_.result = [](void* at, u32 index, u16 hop) { self(at)->write_result(index, hop); };
    writer_.drain = [](void* at) { self(at)->drain(); };
}

bool EngineWriter::is_there(const EngineBus& bus) { return bus.read(bus.context, reg::ID) == kLpmId; }

TreeCapacity EngineWriter::capacity_of(const EngineBus& bus) {
    constexpr u64 kNodes[kTreeMaxLevels] = {reg::CAPACITY_LEVEL1, reg::CAPACITY_LEVEL2, reg::CAPACITY_LEVEL3,
                                            reg::CAPACITY_LEVEL4, reg::CAPACITY_LEVEL5};
    TreeCapacity capacity = {};
    for (unsigned level = 0; level < kTreeMaxLevels; ++level) {
        capacity.nodes[level] = static_cast<u32>(bus.read(bus.context, kNodes[level]));
    }
    capacity.results = static_cast<u32>(bus.read(bus.context, reg::CAPACITY_RESULT));
    return capacity;
}

void EngineWriter::seek(u64 memory, u32 index) {
    const u64 place = reg::ENTRY_ADDR_MEMORY.of(memory) | reg::ENTRY_ADDR_INDEX.of(index);
    if (place != place_) set(reg::ENTRY_ADDR, place);
    place_ = place + 1;
}

void EngineWriter::write_root(u32 index, const TreeRoot& word) {
    seek(kRootMemory, index);
    set(reg::ENTRY_DATA, reg::ENTRY_DATA_ROOT_DEFAULT.of(word.hop) |
                             reg::ENTRY_DATA_ROOT_CHILD_VALID.of(word.has_child) |
                             reg::ENTRY_DATA_ROOT_CHILD.of(word.has_child ? word.child : 0));
}

void EngineWriter::write_node(unsigned level, u32 index, const TreeNode& word) {
    seek(level + 1, index);
    const u64 high = reg::ENTRY_HIGH_CHILDREN.of(word.external != 0 ? word.children : 0);
    if (level + 1 < kTreeMaxLevels && high != high_) {
        set(reg::ENTRY_HIGH, high);
        high_ = high;
    }
    set(reg::ENTRY_DATA, reg::ENTRY_DATA_NODE_INTERNAL.of(word.internal) |
                             reg::ENTRY_DATA_NODE_UNIFORM.of(word.uniform) |
                             reg::ENTRY_DATA_NODE_RESULTS.of(word.internal != 0 ? word.results : 0) |
                             reg::ENTRY_DATA_NODE_EXTERNAL.of(word.external));
}

void EngineWriter::write_result(u32 index, u16 hop) {
    seek(kResultMemory, index);
    set(reg::ENTRY_DATA, reg::ENTRY_DATA_RESULT_HOP.of(hop));
}

void EngineWriter::drain() {
    set(reg::DRAIN, 0);
    while (bus_.read(bus_.context, reg::DRAIN) != 0) {
    }
}

}  // namespace fw
