// SPDX-License-Identifier: Apache-2.0
// Pairs the frames of two sides, and finds the first that have no partner or stand in another order.
#pragma once
#include "cli/diff/compare.h"

namespace turnpike::diff {

/// Pairs equal frames that have no partner yet, whatever their order; returns how many pairs it made.
std::size_t match_multisets(Entries& ours, Entries& theirs);

/// The first frame without an equal one on the other side.
std::optional<Difference> first_unequal(const Entries& ours, const Entries& theirs);

/// The earliest place in the reference where a sequence differs, of each flow or (`whole_port`) of the port; both sides
/// hold the same frames.
std::optional<Difference> first_out_of_order(const Entries& ours, const Entries& theirs, bool whole_port);

}  // namespace turnpike::diff
