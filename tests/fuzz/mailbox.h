// SPDX-License-Identifier: Apache-2.0
// The host's end of the mailbox, for the firmware's native build.
#pragma once
#include <vector>

#include "config/message.h"

namespace fw::fuzz {

/// The firmware listens from here on. Once, after boot.
void open_mailbox();
/// The firmware obeys the messages, or refuses them.
void post(const std::vector<turnpike::config::Message>& messages);

}  // namespace fw::fuzz
