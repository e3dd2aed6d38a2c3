// SPDX-License-Identifier: Apache-2.0
// Tables of blocks: lines of fields between commas, `hex` one of them. What is known of a block beside its bytes goes
// from the table that is read to the one that is written.
#pragma once
#include <istream>
#include <string>
#include <vector>

#include "bench/silicon/block_process.h"

namespace turnpike::silicon {

struct Row {
    std::string hex;
    std::vector<u8> bytes;
    std::string source;                       ///< field `source`
    std::string name, kind, text, instances;  ///< fields of a table of microbenchmarks; `text` is its assembly
};

/// Without a header the first field is the block. Throws config::Error where a block is not hexadecimal.
std::vector<Row> read_rows(std::istream& in, const std::string& file);

/// hex,cycles_per_iteration,stability,source,ninstr,tags,pages,failed
std::string block_header();
std::string block_line(const Row& row, const Measured& measured);

/// name,kind,asm,cycles_per_block,instances,hex
std::string micro_header();
std::string micro_line(const Row& row, const Measured& measured);

}  // namespace turnpike::silicon
