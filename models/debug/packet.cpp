// SPDX-License-Identifier: Apache-2.0
#include "models/debug/packet.h"

#include <fmt/core.h>

#include <algorithm>

namespace turnpike::gdb {
namespace {

constexpr char kEscape = '}';
constexpr char kEscapeBit = 0x20;
constexpr char kInterrupt = 0x03;
constexpr unsigned kMaxDigits = 16;

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

unsigned checksum(std::string_view body) {
    unsigned sum = 0;
    for (const char c : body) sum += static_cast<std::uint8_t>(c);
    return sum & 0xFF;
}

}  // namespace

std::string to_hex(const void* data, std::size_t bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    const auto* from = static_cast<const std::uint8_t*>(data);
    std::string text;
    text.reserve(bytes * 2);
    for (std::size_t n = 0; n < bytes; ++n) {
        text += kDigits[from[n] >> 4];
        text += kDigits[from[n] & 15];
    }
    return text;
}

std::string to_hex(std::string_view text) { return to_hex(text.data(), text.size()); }

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t n = 0; n < text.size(); n += 2) {
        const int high = digit(text[n]);
        const int low = digit(text[n + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t value = 0;
    unsigned digits = 0;
    while (digits < text.size() && digit(text[digits]) >= 0) {
        if (digits == kMaxDigits) return std::nullopt;
        value = value * 16 + static_cast<unsigned>(digit(text[digits]));
        ++digits;
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c) return false;
    text.remove_prefix(1);
    return true;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) return false;
    text.remove_prefix(word.size());
    return true;
}

std::string_view take_until(std::string_view& text, char c) {
    const std::size_t at = std::min(text.find(c), text.size());
    const std::string_view front = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return front;
}

std::string escape(std::string_view data) {
    std::string text;
    for (const char c : data) {
        if (c == kEscape || c == '#' || c == '$' || c == '*') {
            text += kEscape;
            text += static_cast<char>(c ^ kEscapeBit);
        } else {
            text += c;
        }
    }
    return text;
}

std::string unescape(std::string_view data) {
    std::string text;
    for (std::size_t n = 0; n < data.size(); ++n) {
        if (data[n] == kEscape && n + 1 < data.size())
            text += static_cast<char>(data[++n] ^ kEscapeBit);
        else
            text += data[n];
    }
    return text;
}

std::string console_output(std::string_view text) {
    std::string body = "O";
    return body += to_hex(text);
}

std::string framed(std::string_view body) { return fmt::format("${}#{:02x}", body, checksum(body)); }

PacketReader::Kind PacketReader::next(std::string& body) {
    const std::size_t start = input_.find_first_of(std::string_view("$+-\x03", 4));
    input_.erase(0, start);  // anything else between packets is noise
    if (input_.empty()) return Kind::none;
    if (const char c = input_.front(); c != '$') {
        input_.erase(0, 1);
        return c == '+' ? Kind::acknowledge : c == '-' ? Kind::repeat : Kind::interrupt;
    }
    const std::size_t end = input_.find('#');
    if (end == std::string::npos || end + 2 >= input_.size()) {
        if (input_.size() <= 2 * kMaxPacket) return Kind::none;
        input_.clear();  // no end in sight
        return Kind::damaged;
    }
    body = input_.substr(1, end - 1);
    const auto sum = from_hex(std::string_view(input_).substr(end + 1, 2));
    input_.erase(0, end + 3);
    return sum && (*sum)[0] == checksum(body) ? Kind::packet : Kind::damaged;
}

}  // namespace turnpike::gdb
