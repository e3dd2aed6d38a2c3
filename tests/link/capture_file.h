// SPDX-License-Identifier: Apache-2.0
// Capture files made byte by byte from their formats' descriptions (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng).
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <vector>

namespace turnpike {

struct FileBytes {
    std::vector<std::uint8_t> bytes;
    bool big_endian = false;

    FileBytes& u16(std::uint32_t value) { return number(value, 2); }
    FileBytes& u32(std::uint32_t value) { return number(value, 4); }
    FileBytes& data(const std::vector<std::uint8_t>& more) {
        bytes.insert(bytes.end(), more.begin(), more.end());
        return *this;
    }
    FileBytes& number(std::uint32_t value, unsigned count) {
        for (unsigned i = 0; i < count; ++i)
            bytes.push_back(static_cast<std::uint8_t>(value >> (big_endian ? count - 1 - i : i) * 8));
        return *this;
    }
    /// Classic pcap file header.
    FileBytes& header(std::uint32_t magic, std::uint32_t link_type = 1) {
        return u32(magic).u16(2).u16(4).u32(0).u32(0).u32(262144).u32(link_type);
    }
    FileBytes& record(std::uint32_t seconds, std::uint32_t fraction, const std::vector<std::uint8_t>& frame,
                      std::uint32_t original_bytes = 0) {
        const auto length = static_cast<std::uint32_t>(frame.size());
        return u32(seconds).u32(fraction).u32(length).u32(original_bytes != 0 ? original_bytes : length).data(frame);
    }
};

/// A file of the running test, removed with it.
class TestFile {
  public:
    TestFile() {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        path_ = std::filesystem::path(testing::TempDir()) /
                (std::string(test->name()) + std::to_string(getpid()) + ".pcap");
        std::filesystem::remove(path_);
    }
    explicit TestFile(const FileBytes& content) : TestFile() {
        std::ofstream(path_, std::ios::binary)
            .write(reinterpret_cast<const char*>(content.bytes.data()),
                   static_cast<std::streamsize>(content.bytes.size()));
    }
    ~TestFile() { std::filesystem::remove(path_); }
    TestFile(const TestFile&) = delete;
    TestFile& operator=(const TestFile&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::vector<std::uint8_t> content() const {
        std::ifstream in(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

  private:
    std::filesystem::path path_;
};

}  // namespace turnpike
