// SPDX-License-Identifier: Apache-2.0
// Random C programs without undefined behaviour (under -fwrapv): integer expressions of all widths, loops, switches,
// structures with bit-fields, arrays, 128-bit products and quotients, recursion.
#pragma once
#include <cstdint>
#include <random>
#include <string>

namespace turnpike::host {

class ProgramWriter {
  public:
    explicit ProgramWriter(std::uint64_t seed) : random_(seed) {}
    /// A freestanding file whose code starts with a jump to `uint64_t run(uint64_t)`.
    std::string write();

  private:
    unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
    std::string number();
    std::string variable();
    std::string expression(unsigned depth);
    std::string binary(unsigned depth);
    std::string condition();
    void line(const std::string& text) { out_ += std::string(2 * indent_, ' ') + text + "\n"; }
    void statement(unsigned depth);
    void block(unsigned depth, unsigned statements);
    void choice(unsigned depth);
    void function(unsigned number);

    std::mt19937_64 random_;
    std::string out_;
    unsigned indent_ = 0;
    unsigned functions_ = 0;  ///< written so far, which the next may call
    unsigned loops_ = 0;
};

}  // namespace turnpike::host
