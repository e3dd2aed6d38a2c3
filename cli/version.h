// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace turnpike {

inline constexpr const char* kVersion = TURNPIKE_VERSION;

}  // namespace turnpike
