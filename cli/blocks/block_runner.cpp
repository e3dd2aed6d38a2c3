// SPDX-License-Identifier: Apache-2.0
#include "cli/blocks/block_runner.h"

#include <Zydis/Zydis.h>

#include <algorithm>
#include <cstring>

#include "cli/blocks/sparse_memory.h"

namespace turnpike::blocks {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t kPrologue = SparseMemory::kCodeBegin;
constexpr std::uint64_t kBlock = SparseMemory::kCodeBegin + 0x100;
/// Outside memory: a store there ends a run.
constexpr std::uint64_t kDoor = SparseMemory::kBytes + 0x1000;
/// MOV [kDoor], AL
constexpr std::uint8_t kEnd[] = {0xA2, 0, 0x10, 0, 0, 1, 0, 0, 0};
static_assert(kDoor == 0x100001000);
constexpr std::uint64_t kInstructions = 512;  ///< that the shorter run has at least
constexpr std::uint64_t kMostBytes = 20000;   ///< of the longer run
constexpr std::uint64_t kCycleLimit = 10'000'000;
constexpr std::uint64_t kMissCycles = 200;

std::uint64_t instructions_in(const Bytes& block) {
    ZydisDecoder decoder;
    ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < block.size(); ++count) {
        ZydisDecodedInstruction insn;
        if (!ZYAN_SUCCESS(
                ZydisDecoderDecodeInstruction(&decoder, nullptr, block.data() + at, block.size() - at, &insn))) {
            return 0;
        }
        at += insn.length;
    }
    return count;
}

/// CPUID, behind which nothing of the last run is left in flight, XOR EAX, EAX for the flags, then a MOV r32, imm32 for
/// each register, then a jump to the block.
Bytes prologue() {
    Bytes code = {0x0F, 0xA2, 0x31, 0xC0};
    const auto put32 = [&](std::uint32_t value) {
        for (unsigned shift = 0; shift < 32; shift += 8) code.push_back(static_cast<std::uint8_t>(value >> shift));
    };
    for (unsigned number = 0; number < 16; ++number) {
        if (number >= 8) code.push_back(0x41);
        code.push_back(static_cast<std::uint8_t>(0xB8 + (number & 7)));
        put32(0x10000800 + number * 0x1140);
    }
    code.push_back(0xE9);
    put32(static_cast<std::uint32_t>(kBlock - (kPrologue + code.size() + 4)));
    return code;
}

/// Outside the four gigabytes nothing answers but the door.
class Outside final : public cpu::Environment {
  public:
    bool bus_read(std::uint64_t, void*, unsigned) override { return false; }
    bool bus_write(std::uint64_t address, const void*, unsigned) override {
        left = left || address == kDoor;
        return address == kDoor;
    }
    int acknowledge_interrupt() override { return -1; }

    bool left = false;
};

}  // namespace

class BlockRunner::Machine {
  public:
    explicit Machine(const regs::CpuProfile& profile)
        : core_(0, profile, kMissCycles, {memory_.data(), SparseMemory::kBytes}, outside_) {
        const Bytes code = prologue();
        std::memcpy(memory_.data() + kPrologue, code.data(), code.size());
        core_.start(kPrologue, 0);
    }

    std::optional<double> measure(const Bytes& block) {
        const std::uint64_t instructions = instructions_in(block);
        if (instructions == 0) return std::nullopt;
        std::uint64_t copies = (kInstructions + instructions - 1) / instructions;
        copies = std::max<std::uint64_t>(1, std::min(copies, kMostBytes / (3 * block.size())));
        lay_out(block, 3 * copies);
        const auto longer = run_hot();
        end_at(kBlock + copies * block.size());
        const auto shorter = run_hot();
        if (!longer || !shorter) return std::nullopt;
        return (static_cast<double>(*longer) - static_cast<double>(*shorter)) / static_cast<double>(2 * copies);
    }

  private:
    void lay_out(const Bytes& block, std::uint64_t copies) {
        std::uint64_t at = kBlock;
        for (std::uint64_t n = 0; n < copies; ++n, at += block.size()) {
            std::memcpy(memory_.data() + at, block.data(), block.size());
        }
        core_.memory_written(kBlock, at - kBlock);
        end_at(at);
    }

    void end_at(std::uint64_t at) {
        std::memcpy(memory_.data() + at, kEnd, sizeof kEnd);
        core_.memory_written(at, sizeof kEnd);
    }

    /// The second of two runs, so that the caches are warm: laying code out takes it out of them.
    std::optional<std::uint64_t> run_hot() { return run() ? run() : std::nullopt; }

    std::optional<std::uint64_t> run() {
        memory_.restore();
        core_.set_rip(kPrologue);
        outside_.left = false;
        const std::uint64_t begin = core_.cycles();
        while (!outside_.left) {
            const cpu::Stop stop = core_.run(begin + kCycleLimit);
            if (stop != cpu::Stop::limit || core_.cycles() - begin >= kCycleLimit) break;
        }
        if (outside_.left) return core_.cycles() - begin;
        core_.start(kPrologue, 0);
        return std::nullopt;
    }

    SparseMemory memory_;
    Outside outside_;
    cpu::Core core_;
};

BlockRunner::BlockRunner(const regs::CpuProfile& profile) : machine_(std::make_unique<Machine>(profile)) {}
BlockRunner::~BlockRunner() = default;

std::optional<double> BlockRunner::cycles_per_iteration(const Bytes& block) { return machine_->measure(block); }

std::optional<Bytes> bytes_of_hex(const std::string& text) {
    if (text.empty() || text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    for (std::size_t at = 0; at < text.size(); at += 2) {
        unsigned value = 0;
        for (const char c : {text[at], text[at + 1]}) {
            const unsigned digit = c >= '0' && c <= '9'   ? static_cast<unsigned>(c - '0')
                                   : c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a' + 10)
                                   : c >= 'A' && c <= 'F' ? static_cast<unsigned>(c - 'A' + 10)
                                                          : 16;
            if (digit == 16) return std::nullopt;
            value = value * 16 + digit;
        }
        bytes.push_back(static_cast<std::uint8_t>(value));
    }
    return bytes;
}

}  // namespace turnpike::blocks
