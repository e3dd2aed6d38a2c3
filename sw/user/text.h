// SPDX-License-Identifier: Apache-2.0
// A line of text on the stack.
#pragma once
#include "sw/user/unistd.h"

namespace fw::user {

class Text {
  public:
    Text& operator<<(const char* text) {
        while (*text) put(*text++);
        return *this;
    }
    Text& operator<<(u64 number) {
        char digits[20];
        unsigned count = 0;
        do digits[count++] = static_cast<char>('0' + number % 10);
        while (number /= 10);
        while (count != 0) put(digits[--count]);
        return *this;
    }
    /// An address as four numbers.
    Text& address(u32 addr) {
        return *this << u64{addr >> 24} << "." << u64{addr >> 16 & 0xFF} << "." << u64{addr >> 8 & 0xFF} << "."
                     << u64{addr & 0xFF};
    }
    /// Microseconds as milliseconds with three decimals.
    Text& milliseconds(u64 us) {
        *this << us / 1000 << ".";
        for (u64 unit = 100; unit != 0; unit /= 10) put(static_cast<char>('0' + us / unit % 10));
        return *this;
    }
    void print() const { write(1, text_, used_); }

  private:
    static constexpr unsigned kMost = 128;
    void put(char c) {
        if (used_ < kMost) text_[used_++] = c;
    }
    char text_[kMost] = {};
    unsigned used_ = 0;
};

}  // namespace fw::user
