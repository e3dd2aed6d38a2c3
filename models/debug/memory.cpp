// SPDX-License-Identifier: Apache-2.0
#include "models/debug/memory.h"

#include <algorithm>

namespace turnpike::gdb {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

/// Calls `part(physical, offset, bytes)` for each page's part of the range until one says false.
template <class Part>
bool by_pages(const cpu::Core& core, std::uint64_t linear, std::size_t bytes, Part part) {
    for (std::size_t done = 0; done < bytes;) {
        const std::uint64_t at = linear + done;
        const std::size_t size = std::min<std::size_t>(bytes - done, kPageBytes - at % kPageBytes);
        const auto physical = core.translate_debug(at);
        if (!physical || !part(*physical, done, static_cast<unsigned>(size))) return false;
        done += size;
    }
    return true;
}

}  // namespace

std::string read_memory(Target& target, const cpu::Core& core, std::uint64_t linear, std::size_t bytes) {
    std::string data(bytes, '\0');
    std::size_t read = 0;
    by_pages(core, linear, bytes, [&](std::uint64_t physical, std::size_t offset, unsigned size) {
        if (target.read(physical, data.data() + offset, size)) {
            read = offset + size;
            return true;
        }
        // Where a page ends early, what is before its end counts.
        while (read < offset + size && target.read(physical + (read - offset), data.data() + read, 1)) ++read;
        return false;
    });
    data.resize(read);
    return data;
}

bool write_memory(Target& target, const cpu::Core& core, std::uint64_t linear, std::string_view bytes) {
    return by_pages(core, linear, bytes.size(), [&](std::uint64_t physical, std::size_t offset, unsigned size) {
        return target.write(physical, bytes.data() + offset, size);
    });
}

}  // namespace turnpike::gdb
