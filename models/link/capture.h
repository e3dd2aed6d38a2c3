// SPDX-License-Identifier: Apache-2.0
// Capture files: pcap (µs and ns, both byte orders) and pcapng in, nanosecond pcap out. Knows no SystemC.
#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <vector>

namespace turnpike {

/// A capture that cannot be used; the text names the file, the place, what was found there and what was expected.
class CaptureError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct CapturedFrame {
    std::uint64_t time_ns;            ///< since the epoch
    std::uint32_t original_bytes;     ///< length on the wire without FCS
    std::vector<std::uint8_t> bytes;  ///< shorter than original_bytes where the capture cut the frame off
};

struct Capture {
    std::vector<CapturedFrame> frames;
};

struct CaptureOptions {
    bool allow_snapped = false;  ///< take frames that the capture cut off; they cannot be sent, only looked at
};

/// Reads a whole capture of Ethernet frames. Throws CaptureError.
Capture read_capture(const std::filesystem::path& path, const CaptureOptions& options = {});

/// Writes a classic pcap file with nanosecond time stamps, little-endian on every host.
class CaptureWriter {
  public:
    explicit CaptureWriter(const std::filesystem::path& path);
    void write(std::uint64_t time_ns, std::span<const std::uint8_t> bytes);
    /// Everything is on disk afterwards, or CaptureError is thrown. The destructor closes too, but cannot tell.
    void close();

  private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void put(const void* data, std::size_t bytes);

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, Closer> file_;
};

}  // namespace turnpike
