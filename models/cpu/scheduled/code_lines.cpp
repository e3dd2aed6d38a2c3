// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/scheduled/code_lines.h"

#include <algorithm>

namespace turnpike::cpu::scheduled {

void EntryFiller::add(unsigned slots, unsigned fields) {
    if (most_places_ == 0) {
        full_ += slots;
        return;
    }
    if (places_ + slots > most_places_ || fields_ + fields > most_fields_) close();
    places_ += slots;
    fields_ += fields;
    if (places_ >= most_places_) close();
}

void EntryFiller::close() {
    // An instruction of more operations than an entry holds goes on in further ones.
    if (places_ != 0) full_ += std::max(most_places_, places_);
    places_ = fields_ = 0;
}

u8 EntryFiller::places() const {
    const unsigned open = most_places_ == 0 ? 0 : std::max(places_, fields_ * most_places_ / most_fields_);
    return static_cast<u8>(std::min(full_ + open, kMostPlacesOfLine));
}

FetchTable::FetchTable(const regs::params::memory::branch& rules, u64 cycle) {
    if (rules.entry_places == 0) {
        for (u64 places = 0; places < kMostPlaces; ++places) {
            const LineFetch each{places * cycle / rules.fetch_width, 0};
            for (Row* row : {&whole_, &from_within_, &on_, &single_, &last_}) (*row)[places] = each;
        }
        return;
    }
    for (u64 places = 1; places < kMostPlaces; ++places) fill(rules, places, cycle);
}

/// What a first look-up does not give, further ones give, each some cycles later. In straight code up to an entry goes
/// with the next line; what a line takes there beyond a cycle, dispatch counts ([[line]] of the profile).
void FetchTable::fill(const regs::params::memory::branch& rules, u64 places, u64 cycle) {
    const u64 entry = rules.entry_places;
    const u64 at_once = entry * rules.fetch_entries;
    const u64 again = (1 + rules.line_again_cycles) * cycle;
    const LineFetch whole{cycle + (places - 1) / at_once * again, 0};
    whole_[places] = whole;
    single_[places] = places <= entry ? LineFetch{cycle / rules.fetch_entries, 0} : whole;
    from_within_[places] = places <= entry ? LineFetch{0, static_cast<u32>(places)} : whole;
    const bool fits = places < at_once + entry;
    const u64 carried = !fits ? places % entry : places > at_once ? places - at_once : 0;
    on_[places] = {cycle, static_cast<u32>(carried)};
    last_[places] = {places <= at_once + entry ? cycle : cycle + (places - entry) / at_once * again, 0};
}

}  // namespace turnpike::cpu::scheduled
