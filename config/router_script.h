// SPDX-License-Identifier: Apache-2.0
// router.sh: Linux's own configuration commands, one a line, to messages for the firmware.
#pragma once
#include <filesystem>
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
};

/// Parses a script; `file` stands in errors, `ports` are the interfaces' names from ifindex 2 on.
std::vector<Command> parse_router_script(const std::string& file, std::string_view script,
                                         const std::vector<std::string>& ports);

/// The error for a command that the firmware refused with `error` (an errno, either sign), in the words of the command
/// itself: "RTNETLINK answers: File exists".
Error refused(const Command& command, int error);

}  // namespace turnpike::config
