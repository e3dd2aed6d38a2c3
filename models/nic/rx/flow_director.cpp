// SPDX-License-Identifier: Apache-2.0
// The table of flows and software's commands on it (8.2.3.7: FDIRCTRL, FDIRCMD and their neighbours).
#include "models/nic/rx/flow_director.h"

#include <algorithm>

#include "models/core/clock.h"
#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr std::uint64_t kAdd = 1, kRemove = 2, kQuery = 3;  ///< FDIRCMD.CMD
/// Clearing the table at 10 Gbit/s (Linux drivers/net/ethernet/intel/ixgbe/ixgbe_82599.c, ixgbe_fdir_enable_82599).
constexpr std::uint64_t kInitialisePs = 60'000'000;
constexpr std::uint64_t kFullUnit = 16;  ///< filters, FDIRCTRL.FULL_THRESHOLD
constexpr std::uint64_t kMost8 = 0xFF, kMost16 = 0xFFFF;

void count_field(RegisterFile& registers, std::uint64_t reg, const regs::Field& field, std::uint64_t most) {
    const std::uint64_t value = registers.get(reg);
    registers.set(reg, field.set(value, std::min(field.get(value) + 1, most)));
}

}  // namespace

FlowDirector::FlowDirector(RegisterFile& registers, Statistics& statistics, Interrupts& interrupts)
    : registers_(registers), statistics_(statistics), interrupts_(interrupts) {
    registers_.on_write(r::FDIRCTRL, [this](std::uint64_t, std::uint64_t) { initialise(); });
    registers_.on_read(r::FDIRCTRL, [this](std::uint64_t stored) {
        const bool done = r::FDIRCTRL_PBALLOC.get(stored) != 0 && now_ps() >= ready_ps_;
        return r::FDIRCTRL_INIT_DONE.set(stored, done);
    });
    registers_.on_write(r::FDIRCMD, [this](std::uint64_t, std::uint64_t) { carry_out(); });
}

void FlowDirector::reset() { buckets_.clear(); }

bool FlowDirector::perfect() const { return r::FDIRCTRL_PERFECT_MATCH.test(registers_.get(r::FDIRCTRL)); }

/// 7.1.2.7: with 64, 128 or 256 KiB of memory (FDIRCTRL.PBALLOC) there are 8, 16 or 32 Ki filters by signature, or 2, 4
/// or 8 Ki to compare, less those that the lists' ends take (Linux ixgbe_ethtool.c: 1,024 << PBALLOC less 2).
void FlowDirector::initialise() {
    buckets_.clear();
    ready_ps_ = now_ps() + kInitialisePs;
    const std::uint64_t memory = r::FDIRCTRL_PBALLOC.get(registers_.get(r::FDIRCTRL));
    if (memory == 0) return set_free(0);
    set_free(perfect() ? (std::uint64_t{1024} << memory) - 2 : (std::uint64_t{4096} << memory) - 1);
}

void FlowDirector::set_free(std::uint64_t free) {
    registers_.set(r::FDIRFREE, r::FDIRFREE_FREE.set(registers_.get(r::FDIRFREE), free));
}

/// A filter's identity is what software writes into FDIRHASH, in commands of every kind.
FlowDirector::Filter* FlowDirector::named(std::uint32_t identity) {
    const auto bucket = buckets_.find(static_cast<std::uint16_t>(identity & bucket_mask()));
    if (bucket == buckets_.end()) return nullptr;
    for (Filter& filter : bucket->second)
        if (filter.identity == identity) return &filter;
    return nullptr;
}

/// CMD reads 0 at once: the command has been done.
void FlowDirector::carry_out() {
    const std::uint64_t command = registers_.get(r::FDIRCMD);
    std::uint64_t left = command & ~(r::FDIRCMD_CMD.mask() | r::FDIRCMD_FILTER_VALID.mask());
    const auto identity = static_cast<std::uint32_t>(registers_.get(r::FDIRHASH)) & ~0x8000U;
    if (r::FDIRCMD_CLEARHT.test(command)) buckets_.clear();
    switch (r::FDIRCMD_CMD.get(command)) {
        case kAdd:
            add(identity, left);
            break;
        case kRemove:
            remove(identity);
            break;
        case kQuery:
            if (const Filter* filter = named(identity)) left = r::FDIRCMD_FILTER_VALID.set(filter->command, 1);
            break;
        default:
            break;
    }
    registers_.set(r::FDIRCMD, left);
}

void FlowDirector::add(std::uint32_t identity, std::uint64_t command) {
    const std::uint64_t control = registers_.get(r::FDIRCTRL);
    const std::uint64_t free = r::FDIRFREE_FREE.get(registers_.get(r::FDIRFREE));
    Filter* old = named(identity);
    if (old != nullptr && r::FDIRCMD_FILTER_UPDATE.test(command)) {
        *old = {identity, programmed(command), command};
        return;
    }
    if (old != nullptr || free == 0) return count_field(registers_, r::FDIRFSTAT, r::FDIRFSTAT_ADD, kMost8);
    const auto place = static_cast<std::uint16_t>(identity & bucket_mask());
    Bucket& bucket = buckets_[place];
    bucket.push_back({identity, programmed(command), command});
    note_length(place, bucket.size());
    set_free(free - 1);
    count_field(registers_, r::FDIRUSTAT, r::FDIRUSTAT_ADD, kMost16);
    if (free - 1 < r::FDIRCTRL_FULL_THRESHOLD.get(control) * kFullUnit)
        interrupts_.raise(static_cast<std::uint32_t>(r::EICR_FLOW_DIRECTOR.mask()), now_ps());
}

void FlowDirector::remove(std::uint32_t identity) {
    const Filter* filter = named(identity);
    if (filter == nullptr) return count_field(registers_, r::FDIRFSTAT, r::FDIRFSTAT_REMOVE, kMost8);
    Bucket& bucket = buckets_[static_cast<std::uint16_t>(identity & bucket_mask())];
    bucket.erase(bucket.begin() + (filter - bucket.data()));
    set_free(r::FDIRFREE_FREE.get(registers_.get(r::FDIRFREE)) + 1);
    count_field(registers_, r::FDIRUSTAT, r::FDIRUSTAT_REMOVE, kMost16);
}

void FlowDirector::note_length(std::uint16_t bucket, std::size_t length) {
    const std::uint64_t longest = registers_.get(r::FDIRLEN);
    constexpr std::uint64_t kMost = 0x3F;
    if (r::FDIRLEN_LENGTH.get(longest) >= std::min<std::uint64_t>(length, kMost)) return;
    registers_.set(r::FDIRLEN,
                   r::FDIRLEN_LENGTH.of(std::min<std::uint64_t>(length, kMost)) | r::FDIRLEN_HASH.of(bucket));
}

std::optional<FlowMatch> FlowDirector::find(std::span<const std::uint8_t> frame, const Packet& packet) {
    const std::uint64_t control = registers_.get(r::FDIRCTRL);
    if (r::FDIRCTRL_PBALLOC.get(control) == 0 || now_ps() < ready_ps_) return std::nullopt;
    // Fragments are no candidates, nor is IPv6 where addresses are compared (7.1.2.7).
    if (packet.network == 0 || packet.fragment || (perfect() && packet.is(kPacketIpv6))) return std::nullopt;
    const Flow flow = masked(flow_of(frame, packet));
    const std::uint16_t place = hash(flow, r::FDIRHKEY) & bucket_mask();
    const std::uint16_t signature = perfect() ? 0 : hash(flow, r::FDIRSKEY);
    FlowMatch match{signature, place, false, false, 0};
    const auto bucket = buckets_.find(place);
    if (bucket != buckets_.end()) {
        match.too_long = bucket->second.size() > r::FDIRCTRL_MAX_LENGTH.get(control);
        for (const Filter& filter : bucket->second) {
            const auto id = static_cast<std::uint16_t>(r::FDIRHASH_INDEX.get(filter.identity));
            if (perfect() ? masked(filter.flow) != flow : id != signature) continue;
            match.matched = true, match.id = id, match.command = filter.command;
            break;
        }
    }
    statistics_.bump(match.matched ? r::FDIRMATCH : r::FDIRMISS);
    return match;
}

}  // namespace turnpike::nic
