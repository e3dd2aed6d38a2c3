// SPDX-License-Identifier: Apache-2.0
#include "models/core/fifo.h"

#include <gtest/gtest.h>

namespace turnpike {
namespace {

TEST(Fifo, KeepsTheOrderWhenItWrapsAndGrows) {
    Fifo<unsigned> fifo;
    unsigned in = 0, out = 0;
    for (unsigned round = 0; round < 40; ++round) {
        for (unsigned n = 0; n < 5; ++n) fifo.push_back(in++);
        for (unsigned n = 0; n < 3; ++n, fifo.pop_front()) ASSERT_EQ(fifo.front(), out++);
        ASSERT_EQ(fifo.size(), in - out);
    }
    for (; !fifo.empty(); fifo.pop_front()) ASSERT_EQ(fifo.front(), out++);
    EXPECT_EQ(out, in);
}

}  // namespace
}  // namespace turnpike
