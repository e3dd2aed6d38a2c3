// SPDX-License-Identifier: Apache-2.0
// Shows the result of a comparison to people.
#pragma once
#include "cli/diff/compare.h"

namespace turnpike::diff {

/// Lines of 16 bytes; bytes that differ from `other` (or lie beyond its end) have a star before them.
std::string hex_dump(Bytes frame, Bytes other);

/// The first difference of a port: which frame, which fields, both frames decoded and dumped.
std::string explain(const PortResult& result, const Output& ours, const Output& theirs,
                    std::string_view reference_name);

/// One line: "eth0: 21 frames, equal" or "eth0: 20 frames, reference 21, 20 alike: different".
std::string summary(const PortResult& result);

}  // namespace turnpike::diff
