// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/micro.h"

#include <fmt/format.h>

namespace turnpike::silicon {

/// As micro.S lays it out.
struct MicroEntry {
    const char* name;
    const u8* begin;
    const u8* end;
    u32 independent;
    u32 instances;
};

extern "C" const MicroEntry turnpike_micro_begin[], turnpike_micro_end[];

std::vector<Row> microbenchmarks() {
    std::vector<Row> rows;
    for (const MicroEntry* entry = turnpike_micro_begin; entry != turnpike_micro_end; ++entry) {
        Row row;
        row.bytes.assign(entry->begin, entry->end);
        for (const u8 byte : row.bytes) row.hex += fmt::format("{:02x}", byte);
        row.name = entry->name;
        row.kind = entry->independent != 0 ? "tput" : "lat";
        row.instances = std::to_string(entry->instances);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace turnpike::silicon
