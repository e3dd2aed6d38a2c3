// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/table.h"

#include <gtest/gtest.h>

#include <sstream>

#include "config/error.h"

namespace turnpike::silicon {
namespace {

std::vector<Row> rows(const std::string& text) {
    std::istringstream in(text);
    return read_rows(in, "blocks.csv");
}

TEST(SiliconTable, LinesWithoutAHeaderBeginWithTheBlock) {
    const auto read = rows("4801d8\n90,7.5,x\r\n\n");
    ASSERT_EQ(read.size(), 2u);
    EXPECT_EQ(read[0].bytes, (std::vector<u8>{0x48, 0x01, 0xD8}));
    EXPECT_EQ(read[1].hex, "90");
}

TEST(SiliconTable, AHeaderSaysWhereTheFieldsAre) {
    const auto read = rows("name,kind,asm,cycles_per_block,instances,hex\nadd,lat,add rax r15,1.0,1,4c01f8\n");
    ASSERT_EQ(read.size(), 1u);
    EXPECT_EQ(read[0].bytes, (std::vector<u8>{0x4C, 0x01, 0xF8}));
    EXPECT_EQ(micro_line(read[0], {Figure{2.0, 0}, 0, 1, "", ""}), "add,lat,add rax r15,2.000,1,4c01f8");
    const auto blocks = rows("hex,cycles_per_iteration,stability,source\n90,1,2,zlib\n");
    EXPECT_EQ(blocks.at(0).source, "zlib");
}

TEST(SiliconTable, ALineHasTheFieldsOfTheMeasuredTables) {
    Row row;
    row.hex = "488b06";
    row.source = "own";
    EXPECT_EQ(block_line(row, {Figure{5.00004, 0.01234}, 1, 1, "L", ""}), "488b06,5.0000,0.0123,own,1,L,1,");
    EXPECT_EQ(block_line(row, {std::nullopt, 0, 1, "L", "calls the system"}), "488b06,,,own,1,L,0,calls the system");
    const std::string line = block_line(row, {}), header = block_header();
    EXPECT_EQ(std::count(line.begin(), line.end(), ','), std::count(header.begin(), header.end(), ','));
}

TEST(SiliconTable, ABlockThatIsNotHexadecimalIsRefusedWithItsLine) {
    try {
        rows("hex\n90\n4801d\n");
        FAIL();
    } catch (const config::Error& error) {
        EXPECT_STREQ(error.what(), "blocks.csv:3: found '4801d', expected a block's bytes in hexadecimal");
    }
}

}  // namespace
}  // namespace turnpike::silicon
