// SPDX-License-Identifier: Apache-2.0
// Exact conversion between counts (cycles, bytes) and picoseconds: always from the count, never by adding rounded
// steps.
#pragma once
#include <systemc>

#include <cstdint>

namespace turnpike {

/// A rate of `numerator` counts in `denominator` picoseconds.
class Rate {
  public:
    static Rate hertz(std::uint64_t hz) { return Rate(hz, 1'000'000'000'000ULL); }
    static Rate megahertz(std::uint64_t mhz) { return Rate(mhz, 1'000'000ULL); }
    /// Bytes on a link of `mbps` Mbit/s.
    static Rate bytes_at_mbps(std::uint64_t mbps) { return Rate(mbps, 8'000'000ULL); }

    /// Picoseconds that `count` counts take, rounded down.
    std::uint64_t ps_floor(std::uint64_t count) const {
        return static_cast<std::uint64_t>(static_cast<unsigned __int128>(count) * denominator_ / numerator_);
    }
    /// Picoseconds that `count` counts take, rounded up.
    std::uint64_t ps_ceil(std::uint64_t count) const {
        // Almost always; a division of 128 bits takes several times as long.
        if (count < largest_) return (count * denominator_ + numerator_ - 1) / numerator_;
        return static_cast<std::uint64_t>((static_cast<unsigned __int128>(count) * denominator_ + numerator_ - 1) /
                                          numerator_);
    }
    /// Whole counts that fit into `ps` picoseconds.
    std::uint64_t counts_floor(std::uint64_t ps) const {
        return static_cast<std::uint64_t>(static_cast<unsigned __int128>(ps) * numerator_ / denominator_);
    }
    /// First count whose time is at or after `ps`.
    std::uint64_t counts_ceil(std::uint64_t ps) const {
        if (ps < largest_ps_) return (ps * numerator_ + denominator_ - 1) / denominator_;
        return static_cast<std::uint64_t>((static_cast<unsigned __int128>(ps) * numerator_ + denominator_ - 1) /
                                          denominator_);
    }

  private:
    Rate(std::uint64_t numerator, std::uint64_t denominator) : numerator_(numerator), denominator_(denominator) {}
    std::uint64_t numerator_;
    std::uint64_t denominator_;
    // Up to which a count's and a time's product fits 64 bits.
    std::uint64_t largest_ = (~std::uint64_t{0} - numerator_) / denominator_;
    std::uint64_t largest_ps_ = (~std::uint64_t{0} - denominator_) / numerator_;
};

/// `sc_time` holds picoseconds (the default resolution); these name the conversion.
inline sc_core::sc_time from_ps(std::uint64_t ps) { return sc_core::sc_time::from_value(ps); }
inline std::uint64_t to_ps(const sc_core::sc_time& time) { return time.value(); }

/// The clock of a program that does without SystemC's kernel (models/core/agenda.h), or null.
inline const std::uint64_t* own_clock = nullptr;
inline std::uint64_t now_ps() {
    // As sc_time_stamp() does, which the library does not let be inlined; some 200 times for each frame that is
    // forwarded.
    return own_clock != nullptr ? *own_clock : sc_core::sc_get_curr_simcontext()->time_stamp().value();
}

}  // namespace turnpike
