// SPDX-License-Identifier: Apache-2.0
// What the comparison forgives. A normaliser has a name, is switched by name, and turns a frame into the form that is
// compared; frames are shown to the user as they were.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/diff/packet.h"

namespace turnpike::diff {

using FrameBytes = std::vector<std::uint8_t>;

struct Normaliser {
    std::string_view name;
    void (*apply)(FrameBytes& frame);
};
/// All of them, in the order in which they are applied.
std::span<const Normaliser> normalisers();
/// Throws std::invalid_argument for a name that is none.
const Normaliser& normaliser(std::string_view name);

/// Zero bytes behind the packet, up to the 60 bytes to which a MAC pads, are nothing: they go.
void strip_padding(FrameBytes& frame);

}  // namespace turnpike::diff
