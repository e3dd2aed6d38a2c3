// SPDX-License-Identifier: Apache-2.0
// Expected messages, byte by byte, as regs/config.def describes them: little-endian, padded to their alignment.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "config/router_script.h"

namespace turnpike::config {

class Bytes {
  public:
    Bytes& u8(std::uint64_t value) { return number(value, 1); }
    Bytes& u16(std::uint64_t value) { return number(value, 2); }
    Bytes& u32(std::uint64_t value) { return number(value, 4); }
    Bytes& u64(std::uint64_t value) { return number(value, 8); }
    Bytes& mac(std::initializer_list<std::uint8_t> bytes) {
        bytes_.insert(bytes_.end(), bytes);
        return *this;
    }
    Bytes& zeros(std::size_t count) {
        for (; count > 0; --count) bytes_.push_back(0);
        return *this;
    }
    Message type(std::uint32_t number) const { return {number, bytes_}; }

  private:
    Bytes& number(std::uint64_t value, unsigned count) {
        for (unsigned i = 0; i < count; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
        return *this;
    }
    std::vector<std::uint8_t> bytes_;
};

struct Flushed {
    std::uint32_t destination = 0;
    unsigned length = 0, match = 0, protocol = 0, type = 0, groups = 0;
};
inline Message flush(std::uint32_t what, std::uint32_t ifindex, std::uint32_t table, const Flushed& which = {}) {
    Bytes bytes;
    bytes.u32(what).u32(ifindex).u32(table).u32(which.destination).u8(which.length).u8(which.match);
    return bytes.u8(which.protocol).u8(which.type).u8(which.groups).zeros(3).type(20);
}

inline std::vector<Command> parse(const std::string& script) {
    return parse_router_script("router.sh", script, {"eth0", "eth1"}).commands;
}

inline Message message_of(const std::string& command) {
    const auto commands = parse(command);
    return commands.size() == 1 && commands[0].messages.size() == 1 ? commands[0].messages[0] : Message{};
}

/// The error's text, or "accepted".
inline std::string error_of(const std::string& script) {
    try {
        parse(script);
    } catch (const Error& error) {
        return error.what();
    }
    return "accepted";
}

}  // namespace turnpike::config
