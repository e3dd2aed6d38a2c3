// SPDX-License-Identifier: Apache-2.0
// Any text becomes commands, or an Error with a place.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/router_script.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace config = turnpike::config;
    try {
        config::parse_router_script("router.sh", {reinterpret_cast<const char*>(data), size}, {"eth0", "eth1"});
    } catch (const config::Error& error) {
        if (error.line == 0 || error.message.empty()) std::abort();
    }
    return 0;
}
