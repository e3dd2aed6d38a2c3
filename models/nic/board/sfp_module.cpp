// SPDX-License-Identifier: Apache-2.0
#include "models/nic/board/sfp_module.h"

#include "regs/nic.h"

namespace turnpike::nic {
namespace {

namespace r = regs::nic;

constexpr unsigned kAddress = 0xA0;  ///< SFF-8472: the identification memory

/// SFF-8472 table 4-1: an SFP module with a soldered laser, 10GBASE-SR, of vendor OUI 00:1B:21.
std::uint8_t memory(unsigned offset) {
    switch (offset) {
        case 0:
            return 0x03;  // SFP
        case 1:
            return 0x04;  // identified by this memory
        case 2:
            return 0x07;  // LC connector
        case 3:
            return 0x10;  // 10GBASE-SR
        case 37:
            return 0x00;
        case 38:
            return 0x1B;
        case 39:
            return 0x21;
        default:
            return 0;
    }
}

}  // namespace

SfpModule::SfpModule(RegisterFile& registers) : registers_(registers) {
    registers_.on_write(r::I2CCTL, [this](std::uint64_t, std::uint64_t written) {
        wires(r::I2CCTL_CLK_OUT.test(written), r::I2CCTL_DATA_OUT.test(written));
    });
    registers_.on_read(r::I2CCTL, [this](std::uint64_t stored) {
        const std::uint64_t clock = r::I2CCTL_CLK_IN.set(stored, clock_);
        return r::I2CCTL_DATA_IN.set(clock, data_ && !low_);
    });
}

void SfpModule::wires(bool clock, bool data) {
    const bool clock_before = clock_, data_before = data_;
    clock_ = clock;
    data_ = data;
    if (clock_before && clock && data_before != data) {
        // The data wire moves while the clock is high: start or stop.
        low_ = false;
        state_ = State::idle;
        if (!data) start();
    } else if (!clock_before && clock) {
        rising(data);
    } else if (clock_before && !clock) {
        falling();
    }
}

void SfpModule::start() {
    state_ = State::address;
    bits_ = 0;
    shift_ = 0;
}

void SfpModule::rising(bool data) {
    if (state_ == State::idle) return;
    if (bits_ < 8) {
        if (state_ != State::read) shift_ = shift_ << 1 | (data ? 1 : 0);
    } else if (state_ == State::read && data) {
        state_ = State::idle;  // software wants no more
    }
    ++bits_;
}

void SfpModule::falling() {
    low_ = false;
    if (state_ == State::idle) return;
    if (bits_ == 8 && state_ != State::read) byte_received();
    if (bits_ == 9) {
        bits_ = 0;
        if (state_ == State::acknowledged) state_ = State::read;
        if (state_ == State::read) shift_ = memory(offset_++ & 0xFF);
    }
    if (state_ == State::read && bits_ < 8) low_ = (shift_ >> (7 - bits_) & 1) == 0;
}

/// Acknowledges a whole byte by pulling the wire down for the ninth clock.
void SfpModule::byte_received() {
    const unsigned byte = shift_ & 0xFF;
    shift_ = 0;
    low_ = true;
    switch (state_) {
        case State::address:
            if ((byte & ~1U) != kAddress) {
                low_ = false;
                state_ = State::idle;
            } else {
                state_ = (byte & 1) != 0 ? State::acknowledged : State::set_offset;
            }
            return;
        case State::set_offset:
            offset_ = byte;
            state_ = State::write;
            return;
        default:
            return;  // the memory is read-only; a write is acknowledged and lost
    }
}

}  // namespace turnpike::nic
