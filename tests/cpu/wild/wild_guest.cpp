// SPDX-License-Identifier: Apache-2.0
#include "tests/cpu/wild/wild_guest.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "tests/cpu/wild/wild_layout.h"

namespace turnpike::wild {
namespace {

using namespace layout;

/// What may lie between two looks at the limit: the longest block, each instruction of which leaves the caches, walks
/// the tables and divides as slowly as it can.
constexpr u64 kLongestBlock = 200'000;
constexpr u64 kDramCycles = 210;
/// A look every so many instructions at least, whatever the cycles do.
constexpr u64 kMostInstructionsPerCycle = 64;

/// Asks for every instruction, so that the guest goes the debugger's way.
class Nosy final : public cpu::Debugger {
    bool wants(const cpu::Core&, u64, u64) override { return true; }
    void before(cpu::Core&) override {}
    void accessed(cpu::Core&, u64, u64, bool) override {}
    void after(cpu::Core&) override {}
};

class Guest;

class Seat final : public cpu::Environment {
  public:
    Seat(Guest& guest, unsigned number) : guest_(guest), number_(number) {}
    bool bus_read(u64 address, void* data, unsigned bytes) override;
    bool bus_write(u64 address, const void* data, unsigned bytes) override;
    int acknowledge_interrupt() override;

  private:
    Guest& guest_;
    unsigned number_;
};

class Guest {
  public:
    explicit Guest(const Setup& setup)
        : random_(setup.seed), soup_(setup.seed), setup_(setup), memory_(kMemoryBytes), shared_(kMemoryBytes) {
        cores_wanted_ = below(4) == 0 ? 2 + below(3) : 1;
        paged_ = below(3) != 0;
        fill();
        for (unsigned n = 0; n < cores_wanted_; ++n) add_core(n);
    }

    Result run();
    int next_vector(unsigned core);
    u64 any() { return random_(); }

  private:
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
    template <class T>
    void put(u64 address, T value) {
        std::memcpy(memory_.data() + address, &value, sizeof value);
    }
    void put(u64 address, std::initializer_list<u8> bytes) { std::copy(bytes.begin(), bytes.end(), &memory_[address]); }
    void fill();
    void tables();
    void descriptors();
    void gates();
    void boot_code();
    void add_core(unsigned number);
    bool turn(unsigned number);
    void meddle();
    void finish(Result& result) const;

    std::mt19937_64 random_;
    Soup soup_;
    const Setup& setup_;
    std::vector<u8> memory_;
    cpu::SharedMemory shared_;
    unsigned cores_wanted_ = 1;
    bool paged_ = false;
    Nosy nosy_;
    std::vector<std::unique_ptr<Seat>> seats_;
    std::vector<std::unique_ptr<cpu::Core>> cores_;
    std::vector<cpu::Stop> stops_;
    std::string complaint_;
};

bool Seat::bus_read(u64 address, void* data, unsigned bytes) {
    if (address - kDevice >= kDeviceBytes) return false;
    const u64 value = guest_.any();
    std::memcpy(data, &value, bytes);
    return true;
}
bool Seat::bus_write(u64 address, const void*, unsigned) { return address - kDevice < kDeviceBytes; }
int Seat::acknowledge_interrupt() { return guest_.next_vector(number_); }

int Guest::next_vector(unsigned core) {
    cores_[core]->set_interrupt(false);
    return below(16) == 0 ? -1 : static_cast<int>(below(8) == 0 ? below(256) : 0x20 + below(0xE0));
}

void Guest::fill() {
    for (u64 at = 0x7000; at < kMemoryBytes; at += 8) put(at, random_());
    const std::vector<u8> code = soup_.code(kCode, kCodeBytes);
    std::copy_n(code.begin(), std::min<std::size_t>(code.size(), kCodeBytes), &memory_[kCode]);
    tables();
    descriptors();
    gates();
    boot_code();
}

/// Each linear address is its own physical one below 2 MiB, mostly; some pages are somebody else's or nobody's.
void Guest::tables() {
    constexpr u64 kAll = 7, kLarge = 0x80;
    std::memset(&memory_[kTables], 0, 0x10000);
    put(kTables, (kTables + 0x1000) | kAll);
    put(kTables + 0x1000, (kTables + 0x2000) | kAll);
    put(kTables + 0x2000, (kTables + 0x3000) | kAll);
    put(kTables + 0x2008, u64{0} | kAll | kLarge);
    put(kTables + 0x1008, u64{0} | kAll | kLarge);  // 1 GiB
    put(kTables + 0x1018, kTables | kAll);          // a table used as its own directory
    put(kTables + 8 * below(512), kTables | kAll);  // and as everything
    for (u64 page = 0; page < 512; ++page) {
        u64 entry = (page << 12) | kAll;
        const unsigned draw = below(60);
        if (draw == 0) entry = random_();
        if (draw == 1) entry &= ~u64{1 + below(7)};
        if (draw == 2) entry = (u64{below(512)} << 12) | kAll;
        if (draw == 3) entry |= u64{1} << 63;
        if (draw == 4) entry = kDevice | kAll;
        put(kTables + 0x3000 + 8 * page, page < 0x30 || draw > 4 ? (page << 12) | kAll : entry);
    }
}

void Guest::descriptors() {
    put(kGdtr, static_cast<u16>(0xFF));
    put(kGdtr + 2, u64{kGdt});
    put(kIdtr, static_cast<u16>(below(4) == 0 ? below(0x1000) : 0xFFF));
    put(kIdtr + 2, u64{kIdt});
    const u64 fixed[] = {0,
                         0x00AF9A000000FFFF,
                         0x00CF92000000FFFF,
                         0x00CFFA000000FFFF,  // 32-bit user code
                         0x00CFF2000000FFFF,
                         0x00AFFA000000FFFF,
                         0x00AF9E000000FFFF,   // conforming code
                         0x00AF1A000000FFFF};  // code that is not present
    for (unsigned n = 0; n < 8; ++n) put(kGdt + 8 * n, fixed[n]);
    for (unsigned n = 0; n < 4; ++n) {
        const u64 tss = kTss + 0x100 * n;
        put(kGdt + 0x40 + 16 * n, u64{0x0000890000000087} | (tss << 16));
        put(kGdt + 0x48 + 16 * n, u64{0});
        std::memset(&memory_[tss], 0, 0x100);
        for (const unsigned offset : {0x04U, 0x0CU, 0x14U, 0x24U, 0x2CU, 0x34U, 0x3CU, 0x44U, 0x4CU, 0x54U}) {
            put(tss + offset, below(12) == 0 ? random_() : kStacks + kStackBytes * (1 + below(8)));
        }
    }
    for (u64 at = kGdt + 0x80; at < kGdt + 0x100; at += 8) put(at, random_());
}

void Guest::gates() {
    for (unsigned n = 0; n < 256; ++n) {
        const u64 target = kCode + below(kCodeBytes);
        const u64 type = below(10) == 0 ? below(256) : (below(4) == 0 ? 0x8E : 0xEF);
        const u64 selector = below(20) == 0 ? below(0x10000) : 8;
        put(kIdt + 16 * n, (target & 0xFFFF) | (selector << 16) | (u64{below(4) == 0 ? below(8) : 0} << 32) |
                               (type << 40) | ((target >> 16) << 48));
        put(kIdt + 16 * n + 8, below(50) == 0 ? random_() : u64{0});
    }
}

/// lgdt; lidt; mov eax, r8d; ltr ax; EFER from r9; CR4 from r10; CR3 from rdi, where r11 is not 0; iretq.
void Guest::boot_code() {
    put(kBoot, {0x0F, 0x01, 0x14, 0x25, 0x00, 0x08, 0x00, 0x00, 0x0F, 0x01, 0x1C, 0x25, 0x10, 0x08, 0x00, 0x00,
                0x44, 0x89, 0xC0, 0x0F, 0x00, 0xD8, 0xB9, 0x80, 0x00, 0x00, 0xC0, 0x44, 0x89, 0xC8, 0x31, 0xD2,
                0x0F, 0x30, 0x41, 0x0F, 0x22, 0xE2, 0x4D, 0x85, 0xDB, 0x74, 0x03, 0x0F, 0x22, 0xDF, 0x48, 0xCF});
}

void Guest::add_core(unsigned number) {
    static const regs::CpuProfile kPlain{};
    const bool scheduled = setup_.scheduled != nullptr && below(4) == 0;
    seats_.push_back(std::make_unique<Seat>(*this, number));
    cores_.push_back(std::make_unique<cpu::Core>(number, scheduled ? *setup_.scheduled : kPlain, kDramCycles,
                                                 cpu::Memory{memory_.data(), memory_.size()}, *seats_.back(),
                                                 cores_wanted_ > 1 ? &shared_ : nullptr));
    stops_.push_back(cpu::Stop::limit);
    cpu::Core& core = *cores_.back();
    core.set_functional(below(3) == 0);
    if (below(6) == 0) core.set_debugger(&nosy_);
    for (unsigned n = below(4); n > 0; --n) core.add_stage(kCode + below(kCodeBytes), "stage");
    const bool user = below(2) == 0;
    const u64 frame = kFrames + 0x40 * number;
    const u64 words[5] = {kCode + below(kCodeBytes), user ? 0x2BU : 0x08U,
                          2 | (below(4) == 0 ? random_() & 0x3F00 : 0x200), host::kStackTop, user ? 0x23U : 0x10U};
    for (unsigned n = 0; n < 5; ++n) put(frame + 8 * n, words[n]);
    const bool bare = below(8) == 0;  // no table, no segments: straight into the code
    core.start(bare ? words[0] : kBoot, bare ? host::kStackTop : frame);
    for (unsigned n = 0; n < 16; ++n) {
        if (n != cpu::RSP) core.set_reg(n, below(2) == 0 ? random_() : random_() % kMemoryBytes);
    }
    core.set_reg(cpu::R8, 0x40 + 16 * number);
    core.set_reg(cpu::R9, 0xD01);
    core.set_reg(cpu::R10, 0x20 | (random_() & 0x111984));
    core.set_reg(cpu::RDI, kTables);
    core.set_reg(cpu::R11, paged_ ? 1 : 0);
}

/// As a device or another world would: changes memory, asks for interrupts.
void Guest::meddle() {
    if (below(4) == 0) cores_[below(static_cast<unsigned>(cores_.size()))]->set_interrupt(true);
    if (below(40) != 0) return;
    const u64 places[] = {kTables + below(0x4000), kIdt + below(0x1000),      kGdt + below(0x100),
                          kTss + below(0x400),     kCode + below(kCodeBytes), kData + below(0x1000)};
    const u64 at = places[below(6)];
    memory_[at] = static_cast<u8>(random_());
    for (const auto& core : cores_) core->memory_written(at, 1);
}

/// False: the core has stopped for good.
bool Guest::turn(unsigned number) {
    cpu::Core& core = *cores_[number];
    const u64 limit = core.cycles() + 1 + below(500);
    const u64 before = core.stats().instructions;
    stops_[number] = core.run(limit);
    if (core.cycles() > limit + kLongestBlock) complaint_ = "ran far beyond its limit";
    if (core.stats().instructions - before > kMostInstructionsPerCycle * 600) complaint_ = "too many instructions";
    if (stops_[number] == cpu::Stop::shutdown) {
        if (core.diagnosis().find("rax") == std::string::npos) complaint_ = "shut down without a diagnosis";
        return false;
    }
    if (stops_[number] == cpu::Stop::halt) {
        core.idle_until(limit);
        // With interrupts off nothing wakes it.
        if ((core.rflags() & 0x200) == 0) return false;
    }
    return core.cycles() < setup_.cycles;
}

void Guest::finish(Result& result) const {
    u64 sum = 14695981039346656037ULL;  // FNV-1a
    const auto add = [&](u64 value) { sum = (sum ^ value) * 1099511628211ULL; };
    for (const auto& core : cores_) {
        const cpu::Stats stats = core->stats();
        result.instructions += stats.instructions;
        result.exceptions += stats.exceptions;
        result.interrupts += stats.interrupts;
        for (unsigned n = 0; n < 16; ++n) add(core->reg(n));
        add(core->rip()), add(core->rflags()), add(core->cycles()), add(stats.instructions);
        for (const cpu::Branch& branch : core->last_branches()) add(branch.from), add(branch.to);
        if (result.diagnosis.empty()) result.diagnosis = core->diagnosis();
    }
    for (std::size_t at = 0; at < memory_.size(); at += 8) {
        u64 word;
        std::memcpy(&word, &memory_[at], 8);
        add(word);
    }
    result.fingerprint = sum;
    result.complaint = complaint_;
    result.cores = static_cast<unsigned>(cores_.size());
}

Result Guest::run() {
    Result result;
    bool ended = false;
    std::vector<bool> alive(cores_.size(), true);
    for (;;) {
        // The core that is behind in time comes first.
        int next = -1;
        for (unsigned n = 0; n < cores_.size(); ++n) {
            if (alive[n] && (next < 0 || cores_[n]->cycles() < cores_[static_cast<unsigned>(next)]->cycles()))
                next = static_cast<int>(n);
        }
        if (next < 0 || !complaint_.empty()) break;
        const auto number = static_cast<unsigned>(next);
        meddle();
        alive[number] = turn(number);
        if (!alive[number] && !ended && stops_[number] != cpu::Stop::limit) {
            ended = true;
            result.end = stops_[number] == cpu::Stop::shutdown ? End::shut_down : End::halted;
        }
    }
    finish(result);
    return result;
}

}  // namespace

Result run_wild(const Setup& setup) {
    Guest guest(setup);
    return guest.run();
}

}  // namespace turnpike::wild
