// SPDX-License-Identifier: Apache-2.0
// General query packets (gdb manual E.4): what the target is and can do, its threads, and `monitor`.
#include <fmt/core.h>

#include <algorithm>

#include "models/debug/packet.h"
#include "models/debug/registers.h"
#include "models/debug/session.h"

namespace turnpike::gdb {
namespace {

constexpr std::size_t kOutputBytes = 1024;

}  // namespace

Answer Session::query(std::string_view text) {
    if (take(text, "Supported")) return supported(text);
    if (take(text, "Xfer:features:read:")) return features(text);
    if (text == "fThreadInfo") return thread_list();
    if (text == "sThreadInfo") return {{"l"}};
    if (take(text, "ThreadExtraInfo,")) return thread_info(text);
    if (take(text, "Rcmd,")) return monitor(text);
    if (text == "C") return {{fmt::format("QC{:x}", stop_.core + 1)}};
    if (take(text, "Attached")) return {{"1"}};
    if (take(text, "Symbol:")) return ok();
    return {{""}};
}

Answer Session::set(std::string_view text) {
    if (text != "StartNoAckMode") return {{""}};
    no_acknowledgements_ = true;
    return ok();
}

Answer Session::supported(std::string_view text) {
    tells_breakpoints_ = text.find("swbreak+") != std::string_view::npos;
    return {{fmt::format("PacketSize={:x};qXfer:features:read+;QStartNoAckMode+;vContSupported+;swbreak+;hwbreak+",
                         kMaxPacket)}};
}

/// target.xml:OFFSET,LENGTH
Answer Session::features(std::string_view text) {
    if (!take(text, "target.xml:")) return {{"E00"}};
    const auto offset = take_number(text);
    if (!offset || !take(text, ',')) return fail(1);
    const auto length = take_number(text);
    if (!length) return fail(1);
    const std::string& all = target_xml();
    if (*offset > all.size()) return fail(1);
    const std::string part = all.substr(*offset, std::min<std::uint64_t>(*length, kMaxPacket / 2));
    const bool last = *offset + part.size() == all.size();
    return {{fmt::format("{}{}", last ? 'l' : 'm', escape(part))}};
}

Answer Session::thread_list() {
    std::string list = "m";
    for (unsigned core = 0; core < target_.cores(); ++core) {
        if (core != 0) list += ',';
        list += fmt::format("{:x}", core + 1);
    }
    return {{list}};
}

Answer Session::thread_info(std::string_view text) {
    const auto thread = take_number(text);
    if (!thread || *thread == 0 || *thread > target_.cores()) return fail(1);
    return {{to_hex(target_.name(static_cast<unsigned>(*thread - 1)))}};
}

Answer Session::monitor(std::string_view hex) {
    const auto command = from_hex(hex);
    if (!command) return fail(1);
    const std::string text = target_.monitor(std::string(command->begin(), command->end()));
    Answer answer;
    for (std::size_t at = 0; at < text.size(); at += kOutputBytes)
        answer.packets.push_back(console_output(std::string_view(text).substr(at, kOutputBytes)));
    answer.packets.emplace_back("OK");
    return answer;
}

}  // namespace turnpike::gdb
