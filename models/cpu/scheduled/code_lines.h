// SPDX-License-Identifier: Apache-2.0
// How the op cache gives a code line: in entries of a few places, several entries a cycle. What a run of code (from one
// taken branch to the next) takes of a line's entries, by the places that its instructions fill there.
#pragma once
#include <array>
#include <vector>

#include "models/cpu/scheduled/facts.h"
#include "regs/params.h"

namespace turnpike::cpu::scheduled {

/// An instruction has a byte at least.
inline constexpr unsigned kMostPlacesOfLine = 64;

/// Fills entries with the instructions of one line: each holds so many instructions and so many displacements and
/// immediates. Places that the latter leave empty are filled too. Without entries each dispatch slot is a place.
class EntryFiller {
  public:
    explicit EntryFiller(const regs::params::memory::branch& rules)
        : most_places_(static_cast<unsigned>(rules.entry_places)),
          most_fields_(static_cast<unsigned>(rules.entry_fields)) {}
    void add(unsigned slots, unsigned fields);
    /// Filled so far; what fields take of the last entry counts as if instructions did.
    u8 places() const;
    void next_line() { full_ = places_ = fields_ = 0; }

  private:
    void close();

    unsigned most_places_, most_fields_;
    unsigned full_ = 0;    ///< places of entries that are closed
    unsigned places_ = 0;  ///< of the open one
    unsigned fields_ = 0;
};

/// A line that a run goes through: which it is and how it came there.
struct LineVisit {
    u64 line = ~u64{0};
    u32 places = 0;
    bool first = false;   ///< of its run
    bool within = false;  ///< the run began behind the line's start
};

/// Time that fetch takes for a line, and what of it comes with the next one.
struct LineFetch {
    u64 time = 0;  ///< fractions of a cycle
    u32 carried = 0;
};

class FetchTable {
  public:
    static constexpr u32 kMostPlaces = kMostPlacesOfLine * 2 + 1;  // with what is carried
    FetchTable(const regs::params::memory::branch& rules, u64 cycle);
    /// The run goes on into the next line.
    const LineFetch& leave(const LineVisit& visit) const {
        return !visit.first ? on_[visit.places] : visit.within ? from_within_[visit.places] : whole_[visit.places];
    }
    /// It ends with a taken branch.
    const LineFetch& end(const LineVisit& visit) const { return (visit.first ? single_ : last_)[visit.places]; }

  private:
    void fill(const regs::params::memory::branch& rules, u64 places, u64 cycle);

    using Row = std::array<LineFetch, kMostPlaces>;
    Row whole_{}, from_within_{}, on_{}, single_{}, last_{};
};

}  // namespace turnpike::cpu::scheduled
