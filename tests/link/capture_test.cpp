// SPDX-License-Identifier: Apache-2.0
#include "models/link/capture.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

#include "tests/link/capture_file.h"

namespace turnpike {
namespace {

using testing::AllOf;
using testing::ElementsAreArray;
using testing::HasSubstr;

constexpr std::uint32_t kMicroseconds = 0xA1B2C3D4;
constexpr std::uint32_t kNanoseconds = 0xA1B23C4D;

std::vector<std::uint8_t> pattern(std::size_t bytes) {
    std::vector<std::uint8_t> frame(bytes);
    for (std::size_t i = 0; i < bytes; ++i) frame[i] = static_cast<std::uint8_t>(i * 7);
    return frame;
}

/// The message with which reading the file is refused.
std::string refusal(const std::filesystem::path& path) {
    try {
        read_capture(path);
    } catch (const CaptureError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(Capture, MicrosecondFilesOfBothByteOrdersAreRead) {
    for (const bool big_endian : {false, true}) {
        FileBytes file;
        file.big_endian = big_endian;
        file.header(kMicroseconds).record(1'700'000'000, 123'456, pattern(60));
        const TestFile on_disk(file);
        const Capture capture = read_capture(on_disk.path());
        ASSERT_EQ(capture.frames.size(), 1u);
        EXPECT_EQ(capture.frames[0].time_ns, 1'700'000'000'123'456'000u);
        EXPECT_EQ(capture.frames[0].original_bytes, 60u);
        EXPECT_EQ(capture.frames[0].bytes, pattern(60));
    }
}

TEST(Capture, NanosecondFilesOfBothByteOrdersAreRead) {
    for (const bool big_endian : {false, true}) {
        FileBytes file;
        file.big_endian = big_endian;
        file.header(kNanoseconds).record(1, 999'999'999, pattern(60)).record(2, 1, pattern(61));
        const TestFile on_disk(file);
        const Capture capture = read_capture(on_disk.path());
        ASSERT_EQ(capture.frames.size(), 2u);
        EXPECT_EQ(capture.frames[0].time_ns, 1'999'999'999u);
        EXPECT_EQ(capture.frames[1].time_ns, 2'000'000'001u);
    }
}

/// Section header, an Ethernet interface with the default resolution of 10^-6 s, one enhanced packet.
FileBytes pcapng(std::uint32_t link_type) {
    FileBytes file;
    file.u32(0x0A0D0D0A).u32(28).u32(0x1A2B3C4D).u16(1).u16(0).u32(0xFFFFFFFF).u32(0xFFFFFFFF).u32(28);
    file.u32(1).u32(20).u16(link_type).u16(0).u32(262144).u32(20);
    const std::uint64_t microseconds = 1'700'000'000'654'321;
    file.u32(6).u32(32 + 60).u32(0).u32(static_cast<std::uint32_t>(microseconds >> 32));
    file.u32(static_cast<std::uint32_t>(microseconds)).u32(60).u32(60).data(pattern(60)).u32(32 + 60);
    return file;
}

TEST(Capture, PcapngFilesAreRead) {
    const TestFile on_disk(pcapng(1));
    const Capture capture = read_capture(on_disk.path());
    ASSERT_EQ(capture.frames.size(), 1u);
    EXPECT_EQ(capture.frames[0].time_ns, 1'700'000'000'654'321'000u);
    EXPECT_EQ(capture.frames[0].bytes, pattern(60));
}

TEST(Capture, FramesOfAnyLengthSurviveWritingAndReading) {
    const TestFile file;
    const std::size_t lengths[] = {0, 13, 14, 60, 1514, 9000, 65535};
    {
        CaptureWriter writer(file.path());
        for (std::size_t n = 0; n < std::size(lengths); ++n)
            writer.write(1'700'000'000'000'000'000 + n, pattern(lengths[n]));
        writer.close();
    }
    const Capture capture = read_capture(file.path());
    ASSERT_EQ(capture.frames.size(), std::size(lengths));
    for (std::size_t n = 0; n < std::size(lengths); ++n) {
        EXPECT_EQ(capture.frames[n].time_ns, 1'700'000'000'000'000'000 + n);
        EXPECT_EQ(capture.frames[n].bytes, pattern(lengths[n]));
    }
}

TEST(Capture, TheWriterMakesANanosecondFileByteForByte) {
    const TestFile file;
    CaptureWriter writer(file.path());
    writer.write(5'000'000'007, pattern(20));
    writer.close();
    FileBytes expected;
    expected.header(kNanoseconds).record(5, 7, pattern(20));
    EXPECT_THAT(file.content(), ElementsAreArray(expected.bytes));
}

TEST(Capture, ACaptureWithoutFramesIsACapture) {
    FileBytes file;
    file.header(kMicroseconds);
    const TestFile on_disk(file);
    EXPECT_TRUE(read_capture(on_disk.path()).frames.empty());
}

TEST(CaptureError, AMissingFileIsNamed) {
    EXPECT_THAT(refusal("no/such/file.pcap"), AllOf(HasSubstr("no/such/file.pcap"), HasSubstr("No such file")));
}

TEST(CaptureError, ADirectoryIsNoCapture) { EXPECT_THAT(refusal(testing::TempDir()), HasSubstr("is a directory")); }

TEST(CaptureError, SomethingElseIsNoCapture) {
    FileBytes file;
    file.data(pattern(100));
    const TestFile on_disk(file);
    EXPECT_THAT(refusal(on_disk.path()), AllOf(HasSubstr(on_disk.path().string()), HasSubstr("not a capture"),
                                               HasSubstr("expected a pcap or pcapng")));
}

TEST(CaptureError, AnEmptyFileIsNoCapture) {
    const TestFile on_disk{FileBytes{}};
    EXPECT_THAT(refusal(on_disk.path()), HasSubstr("not a capture"));
}

TEST(CaptureError, ATruncatedFileHeaderIsToldWithItsOffset) {
    FileBytes file;
    file.header(kMicroseconds).bytes.resize(20);
    const TestFile on_disk(file);
    EXPECT_THAT(refusal(on_disk.path()), AllOf(HasSubstr("offset 0"), HasSubstr("expected")));
}

TEST(CaptureError, ATruncatedRecordIsToldWithFrameAndOffset) {
    FileBytes whole;
    whole.header(kMicroseconds).record(1, 0, pattern(60)).record(2, 0, pattern(60));
    const std::size_t second = 24 + 16 + 60;
    for (const std::size_t length : {second + 8, second + 16 + 10}) {
        FileBytes cut = whole;
        cut.bytes.resize(length);
        const TestFile on_disk(cut);
        EXPECT_THAT(refusal(on_disk.path()),
                    AllOf(HasSubstr("frame 2 at offset 100"), HasSubstr("truncated"), HasSubstr("expected")));
    }
}

TEST(CaptureError, AnotherLinkTypeIsNamed) {
    FileBytes file;
    file.header(kMicroseconds, 105).record(1, 0, pattern(60));
    const TestFile on_disk(file);
    EXPECT_THAT(refusal(on_disk.path()),
                AllOf(HasSubstr("link type 105"), HasSubstr("IEEE802_11"), HasSubstr("expected 1 (EN10MB, Ethernet)")));
}

TEST(CaptureError, AnotherLinkTypeInPcapngIsNamed) {
    const TestFile on_disk(pcapng(113));
    EXPECT_THAT(refusal(on_disk.path()), AllOf(HasSubstr("link type 113"), HasSubstr("LINUX_SLL")));
}

TEST(CaptureError, ACutFrameIsRefusedUnlessAllowed) {
    FileBytes file;
    file.header(kMicroseconds).record(1, 0, pattern(60)).record(2, 0, pattern(96), 1500);
    const TestFile on_disk(file);
    EXPECT_THAT(refusal(on_disk.path()), AllOf(HasSubstr("frame 2"), HasSubstr("96 of its 1500 bytes")));
    const Capture capture = read_capture(on_disk.path(), {.allow_snapped = true});
    ASSERT_EQ(capture.frames.size(), 2u);
    EXPECT_EQ(capture.frames[1].original_bytes, 1500u);
    EXPECT_EQ(capture.frames[1].bytes.size(), 96u);
}

TEST(CaptureError, AFileThatCannotBeWrittenIsNamed) {
    EXPECT_THROW(CaptureWriter("no/such/folder/out.pcap"), CaptureError);
}

TEST(CaptureError, AFullDiskIsReported) {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP();
    CaptureWriter writer("/dev/full");
    EXPECT_THROW(
        {
            for (int n = 0; n < 100; ++n) writer.write(0, pattern(1000));
            writer.close();
        },
        CaptureError);
}

/// The public captures, where they are at hand: frames as their descriptions count them.
struct PublicCapture {
    const char* name;
    std::size_t frames;
};
/// For the test's name.
void PrintTo(const PublicCapture& value, std::ostream* out) { *out << value.name; }
class PublicCaptures : public testing::TestWithParam<PublicCapture> {};

TEST_P(PublicCaptures, AreRead) {
    const auto path = std::filesystem::path(TURNPIKE_DATA_DIR) / "captures" / GetParam().name;
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not here";
    EXPECT_EQ(read_capture(path, {.allow_snapped = true}).frames.size(), GetParam().frames);
}
INSTANTIATE_TEST_SUITE_P(All, PublicCaptures,
                         testing::Values(PublicCapture{"bro.org.pcap", 751}, PublicCapture{"ssh.pcap", 1797},
                                         PublicCapture{"firefox-102.13.0esr-blog-cloudflare-com.pcap", 608},
                                         PublicCapture{"irc-dcc-send.pcapng", 1184},
                                         PublicCapture{"smb2_100_small_files.pcap", 979},
                                         PublicCapture{"dhcp_flood.pcap", 500}));

}  // namespace
}  // namespace turnpike
