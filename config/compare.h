// SPDX-License-Identifier: Apache-2.0
// The [compare] table: what may differ when a run is compared with the real kernel (docs/scenario.md).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/toml_reader.h"

namespace turnpike::config {

struct CompareConfig {
    struct DportPool {
        std::uint32_t address = 0;
        std::uint16_t first = 0;
        std::uint16_t last = 0;
    };
    using Range = std::pair<std::uint32_t, std::uint32_t>;

    std::string ip_id = "generated";  ///< generated | exact
    std::string icmp_quote = "auto";  ///< auto | exact | min
    std::string order = "flow";       ///< flow | port | none
    bool any_inner_ttl = false;       ///< inner_ttl = "any"
    bool any_refrag = false;          ///< refrag = "any"
    bool pad = true;                  ///< false: padding counts
    bool mask_ip_ts = false;          ///< times in IP timestamp options may differ
    bool mask_icmp_ts = false;        ///< times in ICMP timestamp replies may differ
    std::vector<std::uint32_t> nat_port;
    std::optional<Range> nat_port_range;
    std::optional<Range> ip_pool;
    std::optional<DportPool> dport_pool;
    std::vector<std::vector<std::string>> port_groups;
    double share_min = 0;
    std::vector<std::string> ports;  ///< empty: all
};

/// `port_names` are those that port_groups and ports may name.
CompareConfig read_compare(TomlTable table, const std::vector<std::string>& port_names);

std::vector<std::string> read_texts(TomlTable& table, std::string_view key);

}  // namespace turnpike::config
