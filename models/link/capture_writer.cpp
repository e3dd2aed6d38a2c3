// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "models/link/capture.h"

namespace turnpike {
namespace {

constexpr std::uint32_t kNanosecondMagic = 0xA1B23C4D;
constexpr std::uint32_t kVersion = 2 | 4 << 16;  ///< 2.4: major in the lower half
constexpr std::uint32_t kSnapBytes = 262144;     ///< the largest that readers accept
constexpr std::uint32_t kLinkTypeEthernet = 1;
constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

template <std::size_t n>
std::array<std::uint8_t, n * 4> little_endian(const std::array<std::uint32_t, n>& words) {
    std::array<std::uint8_t, n * 4> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> (i % 4 * 8));
    return bytes;
}

}  // namespace

CaptureWriter::CaptureWriter(const std::filesystem::path& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {
    if (!file_) throw CaptureError(fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
    const auto header =
        little_endian<6>({kNanosecondMagic, kVersion, 0 /* UTC */, 0 /* accuracy */, kSnapBytes, kLinkTypeEthernet});
    put(header.data(), header.size());
}

void CaptureWriter::write(std::uint64_t time_ns, std::span<const std::uint8_t> bytes) {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    const auto header = little_endian<4>({static_cast<std::uint32_t>(time_ns / kNsPerSecond),
                                          static_cast<std::uint32_t>(time_ns % kNsPerSecond), length, length});
    put(header.data(), header.size());
    put(bytes.data(), bytes.size());
}

void CaptureWriter::put(const void* data, std::size_t bytes) {
    if (bytes != 0 && std::fwrite(data, 1, bytes, file_.get()) != bytes)
        throw CaptureError(fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
}

void CaptureWriter::close() {
    if (file_ && std::fclose(file_.release()) != 0)
        throw CaptureError(fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno)));
}

}  // namespace turnpike
