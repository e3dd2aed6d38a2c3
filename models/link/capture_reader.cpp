// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <pcap/pcap.h>

#include <cerrno>
#include <cstring>

#include "models/link/capture.h"

namespace turnpike {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
/// Later times do not fit into 64 bits of nanoseconds (pcapng can hold them).
constexpr std::uint64_t kLastSecond = ~std::uint64_t{0} / kNsPerSecond - 1;

struct PcapCloser {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }
};
using Pcap = std::unique_ptr<pcap_t, PcapCloser>;

Pcap open_capture(const std::filesystem::path& path) {
    if (std::filesystem::is_directory(path))
        throw CaptureError(fmt::format("{}: is a directory, expected a pcap or pcapng file", path.string()));
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr)
        throw CaptureError(fmt::format("{}: {}; expected a pcap or pcapng file", path.string(), std::strerror(errno)));
    char reason[PCAP_ERRBUF_SIZE] = "";
    Pcap pcap(pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, reason));
    if (!pcap) {
        std::fclose(file);
        throw CaptureError(fmt::format("{}: offset 0: not a capture: {}; expected a pcap or pcapng file header",
                                       path.string(), reason));
    }
    return pcap;
}

void require_ethernet(pcap_t* pcap, const std::filesystem::path& path) {
    const int type = pcap_datalink(pcap);
    if (type == DLT_EN10MB) return;
    const char* name = pcap_datalink_val_to_name(type);
    const char* text = pcap_datalink_val_to_description(type);
    throw CaptureError(fmt::format("{}: link type {} ({}{}{}), expected 1 (EN10MB, Ethernet)", path.string(), type,
                                   name != nullptr ? name : "unknown", text != nullptr ? ", " : "",
                                   text != nullptr ? text : ""));
}

/// `where()` names the frame in a message.
template <typename Where>
CapturedFrame make_frame(const pcap_pkthdr& header, const std::uint8_t* data, const Where& where,
                         const CaptureOptions& options) {
    if (header.caplen < header.len && !options.allow_snapped)
        throw CaptureError(
            fmt::format("{}: the capture holds {} of its {} bytes, expected whole frames (capture with "
                        "a larger snap length)",
                        where(), header.caplen, header.len));
    const auto seconds = static_cast<std::uint64_t>(header.ts.tv_sec);
    if (header.ts.tv_sec < 0 || seconds > kLastSecond)
        throw CaptureError(
            fmt::format("{}: time stamp of {} s, expected 0 to {} s", where(), header.ts.tv_sec, kLastSecond));
    return {seconds * kNsPerSecond + static_cast<std::uint64_t>(header.ts.tv_usec), header.len,
            std::vector<std::uint8_t>(data, data + header.caplen)};
}

}  // namespace

Capture read_capture(const std::filesystem::path& path, const CaptureOptions& options) {
    const Pcap pcap = open_capture(path);
    require_ethernet(pcap.get(), path);
    Capture capture;
    for (;;) {
        const long offset = std::ftell(pcap_file(pcap.get()));
        const auto where = [&] {
            return fmt::format("{}: frame {} at offset {}", path.string(), capture.frames.size() + 1, offset);
        };
        pcap_pkthdr* header = nullptr;
        const std::uint8_t* data = nullptr;
        const int result = pcap_next_ex(pcap.get(), &header, &data);
        if (result == PCAP_ERROR_BREAK) return capture;
        if (result != 1)
            throw CaptureError(fmt::format("{}: {}; expected a whole record or the end of the file", where(),
                                           pcap_geterr(pcap.get())));
        capture.frames.push_back(make_frame(*header, data, where, options));
    }
}

}  // namespace turnpike
