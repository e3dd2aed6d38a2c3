// SPDX-License-Identifier: Apache-2.0
// What a measuring process may still do once it has set itself up.
#pragma once

namespace turnpike::silicon {

/// Allows reading and writing open files, mapping and unmapping memory, timers and leaving; a call from the block's
/// code raises SIGSYS, any other ends the process. No core dump, no files, a bounded address space. False: refused.
bool close_in();

}  // namespace turnpike::silicon
