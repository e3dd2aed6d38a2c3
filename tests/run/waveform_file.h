// SPDX-License-Identifier: Apache-2.0
// What is in an FST file, by GTKWave's reader.
#pragma once
#include <gtkwave/fstapi.h>

#include <cstdint>
#include <filesystem>
#include <set>
#include <stdexcept>
#include <string>

namespace turnpike::test {

struct WaveformFile {
    std::uint64_t start_ps = 0, end_ps = 0;
    int timescale = 0;              ///< power of ten of a second
    std::uint64_t changes = 0;      ///< of all signals
    std::set<std::string> signals;  ///< without their scopes
    std::set<std::string> scopes;

    explicit WaveformFile(const std::filesystem::path& file) {
        void* reader = fstReaderOpen(file.c_str());
        if (reader == nullptr) throw std::runtime_error(file.string() + " is no FST file");
        start_ps = fstReaderGetStartTime(reader);
        end_ps = fstReaderGetEndTime(reader);
        timescale = fstReaderGetTimescale(reader);
        while (const fstHier* one = fstReaderIterateHier(reader)) {
            if (one->htyp == FST_HT_SCOPE) scopes.insert(one->u.scope.name);
            if (one->htyp == FST_HT_VAR) signals.insert(std::string(one->u.var.name).substr(0, one->u.var.name_length));
        }
        fstReaderSetFacProcessMaskAll(reader);
        fstReaderIterBlocks(
            reader,
            [](void* self, uint64_t, fstHandle, const unsigned char*) { ++static_cast<WaveformFile*>(self)->changes; },
            this, nullptr);
        fstReaderClose(reader);
    }
    bool has_signal(const std::string& name) const {
        // A bus has its bits behind its name.
        const auto at = signals.lower_bound(name);
        return at != signals.end() && (*at == name || at->starts_with(name + " ") || at->starts_with(name + "["));
    }
};

}  // namespace turnpike::test
