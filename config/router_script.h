// SPDX-License-Identifier: Apache-2.0
// router.sh: Linux's own configuration commands, one a line, to messages for the firmware.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.h"
#include "config/message.h"

namespace turnpike::config {

struct Command {
    std::string file;
    unsigned line = 0;
    std::string text;  ///< as written, without comment
    std::vector<Message> messages;
    std::uint64_t at_ns = 0;  ///< since READY, of a change during the run
};

struct RouterScript {
    std::vector<Command> commands;  ///< before the run, in the order of the lines
    std::vector<Command>
        changes;  ///< "#at 5ms COMMAND": during the run, by time, equal times in the order of the lines
};

/// Parses a script; `file` stands in errors, `ports` are the interfaces' names from ifindex 2 on.
RouterScript parse_router_script(const std::string& file, std::string_view script,
                                 const std::vector<std::string>& ports);

/// The error for a command that the firmware refused with `error` (an errno, either sign), in the words of the command
/// itself: "RTNETLINK answers: File exists".
Error refused(const Command& command, int error);

}  // namespace turnpike::config
