// SPDX-License-Identifier: Apache-2.0
// Packets of gdb's remote serial protocol (gdb manual, appendix E.1).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace turnpike::gdb {

/// The longest packet that is taken, and told to gdb as PacketSize.
inline constexpr std::size_t kMaxPacket = 0x4000;

std::string to_hex(const void* data, std::size_t bytes);
std::string to_hex(std::string_view text);
/// Nothing where `text` is not pairs of hexadecimal digits.
std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);
/// Takes 1 to 16 hexadecimal digits from the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text);
/// Takes `c` from the front of `text`; false, and nothing taken, where something else stands there.
bool take(std::string_view& text, char c);
bool take(std::string_view& text, std::string_view word);
/// Takes what stands before the first `c`, and that one; everything where there is none.
std::string_view take_until(std::string_view& text, char c);

/// Binary data with } # $ * escaped (E.1, "Binary Data").
std::string escape(std::string_view data);
std::string unescape(std::string_view data);

/// The body of a packet with text for gdb's user, which may come while the machine runs (E.3, `O`).
std::string console_output(std::string_view text);

/// `$body#checksum`.
std::string framed(std::string_view body);

class PacketReader {
  public:
    enum class Kind { none, packet, damaged, acknowledge, repeat, interrupt };
    void feed(std::string_view bytes) { input_.append(bytes); }
    /// The next thing that came in; for a packet its body.
    Kind next(std::string& body);
    void clear() { input_.clear(); }

  private:
    std::string input_;
};

}  // namespace turnpike::gdb
