// SPDX-License-Identifier: Apache-2.0
// `turnpike lpm TABLE ADDRESSES`: longest-prefix matches by software or by the engine (docs/accelerators.md).
#pragma once

namespace CLI {
class App;
}

namespace turnpike {

void add_lpm_command(CLI::App& app, int& status);

}  // namespace turnpike
