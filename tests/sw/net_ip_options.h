// SPDX-License-Identifier: Apache-2.0
// A router that packets with options pass through.
#pragma once
#include "sw/kernel/time.h"
#include "tests/sw/net_router.h"

namespace fw::test {

class OptionsRouter : public Router {
  protected:
    void SetUp() override {
        Router::SetUp();
        configure();
        native::machine().tsc = 0;
    }

    /// Time of day that timestamps are to have.
    static void set_time_ms(u64 ms) {
        tsc_khz = 1000;
        native::machine().tsc = ms * 1000;
    }

    static Bytes through(const Header& header) {
        receive_ip(kEth0, ip_packet(header, {1, 2, 3}));
        return sent().empty() ? Bytes{} : Bytes(sent().back().frame.begin() + 14, sent().back().frame.end());
    }
    /// What arrives with these options and leaves by eth1 leaves with those.
    static void expect_options(const Bytes& in, const Bytes& out) {
        EXPECT_EQ(through({.options = in}), ip_packet({.ttl = 63, .options = out}, {1, 2, 3}));
    }
};

}  // namespace fw::test
