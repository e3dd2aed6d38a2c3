// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/blocks/block_runner.h"
#include "config/error.h"

namespace turnpike::silicon {
namespace {

using Fields = std::vector<std::string>;

Fields split(std::string line) {
    if (line.ends_with('\r')) line.pop_back();
    Fields fields;
    std::size_t from = 0;
    for (std::size_t comma; (comma = line.find(',', from)) != std::string::npos; from = comma + 1) {
        fields.push_back(line.substr(from, comma - from));
    }
    fields.push_back(line.substr(from));
    return fields;
}

/// The columns of a table and where they stand.
class Columns {
  public:
    explicit Columns(Fields names) : names_(std::move(names)) {}
    std::string of(const Fields& fields, std::string_view name) const {
        const auto at = static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
        return at < fields.size() && at < names_.size() ? fields[at] : "";
    }

  private:
    Fields names_;
};

bool is_header(const Fields& fields) { return std::find(fields.begin(), fields.end(), "hex") != fields.end(); }

Row row_of(const Columns& columns, const Fields& fields, const std::string& file, unsigned line) {
    Row row;
    row.hex = columns.of(fields, "hex");
    const auto bytes = blocks::bytes_of_hex(row.hex);
    if (!bytes) {
        throw config::Error(file, line, 0,
                            config::found_expected(config::in_quotes(row.hex), "a block's bytes in hexadecimal"));
    }
    row.bytes = *bytes;
    row.source = columns.of(fields, "source");
    row.name = columns.of(fields, "name");
    row.kind = columns.of(fields, "kind");
    row.text = columns.of(fields, "asm");
    row.instances = columns.of(fields, "instances");
    return row;
}

}  // namespace

std::vector<Row> read_rows(std::istream& in, const std::string& file) {
    std::vector<Row> rows;
    Columns columns({"hex"});
    unsigned number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        const Fields fields = split(line);
        if (fields.size() == 1 && fields.front().empty()) continue;
        if (number == 1 && is_header(fields)) {
            columns = Columns(fields);
        } else {
            rows.push_back(row_of(columns, fields, file, number));
        }
    }
    return rows;
}

std::string block_header() { return "hex,cycles_per_iteration,stability,source,ninstr,tags,pages,failed"; }

std::string block_line(const Row& row, const Measured& measured) {
    const auto number = [&](double Figure::*member) {
        return measured.figure ? fmt::format("{:.4f}", *measured.figure.*member) : "";
    };
    return fmt::format("{},{},{},{},{},{},{},{}", row.hex, number(&Figure::cycles), number(&Figure::stability),
                       row.source, measured.instructions, measured.tags, measured.pages, measured.failure);
}

std::string micro_header() { return "name,kind,asm,cycles_per_block,instances,hex"; }

std::string micro_line(const Row& row, const Measured& measured) {
    const std::string cycles = measured.figure ? fmt::format("{:.3f}", measured.figure->cycles) : "";
    return fmt::format("{},{},{},{},{},{}", row.name, row.kind, row.text, cycles, row.instances, row.hex);
}

}  // namespace turnpike::silicon
