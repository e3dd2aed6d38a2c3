// SPDX-License-Identifier: Apache-2.0
// What several cores that share one memory must tell each other: who holds which line, and who has decoded code where.
#pragma once
#include <cstdlib>
#include <memory>
#include <vector>

#include "models/cpu/core.h"
#include "models/cpu/timing.h"

namespace turnpike::cpu {

class BlockCache;

class SharedMemory {
  public:
    static constexpr unsigned kMaxCores = 16;

    explicit SharedMemory(u64 bytes);

    // Coherence. Caches hold tags, never data, so a line that one core writes only has to leave the others' tags.
    /// The timing model of `core` for the profile, with the coherence of its accesses around it. All cores share the
    /// last level of cache.
    std::unique_ptr<TimingModel> join(unsigned core, const regs::CpuProfile& profile, u64 dram_cycles);
    /// What an access meets at the other cores' caches, beyond the miss in the own ones.
    enum class Met : u8 {
        nothing,
        copies,    ///< a write: unmodified copies, which have to go
        modified,  ///< a copy that another core has modified
    };
    Met access(unsigned core, u64 line, bool write) {
        if (line >= lines_) return Met::nothing;
        u32& entry = directory_[line];
        if (entry == exclusive(core) || (!write && (entry & kModified) == 0 && (entry >> core & 1) != 0)) [[likely]] {
            return Met::nothing;
        }
        return change(core, line, entry, write);
    }
    /// A device wrote the line: nobody has a modified copy.
    void device_wrote(u64 address, u64 bytes);
    /// Lines that one core took over from another that had modified them.
    u64 transfers(unsigned core) const { return transfers_[core]; }
    /// Writes of a core to lines of which others had unmodified copies.
    u64 upgrades(unsigned core) const { return upgrades_[core]; }
    void restart_stats(unsigned core) { transfers_[core] = upgrades_[core] = 0; }

    // Decoded code. A store must take effect in the decoded code of all cores.
    void add_code(unsigned core, BlockCache& blocks) { code_of_[core] = &blocks; }
    /// `core` has, or no longer has, decoded code that a store to the page may change.
    void set_code(unsigned core, u64 page, bool has);
    /// A byte per page: not 0 where any core has.
    const u8* code_map() const { return code_map_.data(); }
    /// `core` wrote to a page with code.
    void stored(unsigned core, u64 address, u64 bytes);

  private:
    static constexpr u32 kModified = 1U << 16;
    static constexpr u32 exclusive(unsigned core) { return kModified | 1U << core; }
    Met change(unsigned core, u64 line, u32& entry, bool write);

    struct Free {
        void operator()(u32* memory) const { std::free(memory); }
    };
    u64 lines_;
    /// Per line: a bit for each core that may hold it, and kModified where that is one that has written it. Zeroed by
    /// the operating system as it is touched, so it costs nothing where there is no traffic.
    std::unique_ptr<u32[], Free> directory_;
    std::vector<TimingModel*> timing_of_;
    std::vector<BlockCache*> code_of_;
    std::vector<u64> transfers_, upgrades_;
    std::shared_ptr<LastLevel> last_level_;
    std::vector<u16> code_cores_;  ///< per page, a bit a core
    std::vector<u8> code_map_;
};

}  // namespace turnpike::cpu
