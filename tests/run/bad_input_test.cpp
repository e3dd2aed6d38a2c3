// SPDX-License-Identifier: Apache-2.0
// A user's mistakes: one clear message, exit status 2, nothing written.
#include <elf.h>
#include <gmock/gmock.h>

#include <cstring>

#include "models/link/capture.h"
#include "models/soc/elf_image.h"
#include "tests/run/program.h"

namespace turnpike::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class BadInput : public testing::Test {
  protected:
    BadInput() : scenario(folder.path() / "s") {
        scenario.add(0, 1000, UdpFrame{}.bytes());
        scenario.write();
    }
    Result run(std::vector<std::string> more = {}) {
        std::vector<std::string> words{"run", scenario.folder.string()};
        words.insert(words.end(), more.begin(), more.end());
        return turnpike(words);
    }
    void expect_refused(const Result& result, const testing::Matcher<std::string>& message) {
        EXPECT_EQ(result.status, 2);
        EXPECT_THAT(result.err, message);
        EXPECT_FALSE(fs::exists(scenario.folder / "out")) << "half a run was left behind";
    }
    TemporaryFolder folder;
    Scenario scenario;
};

/// Where in the file the function's code begins.
std::size_t file_offset_of(const std::string& elf, const std::string& function) {
    const std::optional<ElfSymbol> symbol = ElfImage(TURNPIKE_FIRMWARE, std::uint64_t{1} << 32).find(function);
    Elf64_Ehdr head;
    std::memcpy(&head, elf.data(), sizeof head);
    for (unsigned n = 0; symbol && n < head.e_phnum; ++n) {
        Elf64_Phdr segment;
        std::memcpy(&segment, elf.data() + head.e_phoff + n * sizeof segment, sizeof segment);
        const std::uint64_t inside = symbol->address - segment.p_paddr;
        if (segment.p_type == PT_LOAD && inside < segment.p_filesz) return segment.p_offset + inside;
    }
    return 0;
}

TEST_F(BadInput, TheScenarioItselfIsFine) { EXPECT_EQ(run().status, 0); }

TEST_F(BadInput, ACaptureCutInARecordIsNamed) {
    const fs::path capture = scenario.folder / "in/eth0.pcap";
    fs::resize_file(capture, fs::file_size(capture) - 5);
    expect_refused(run(), AllOf(HasSubstr("eth0.pcap"), HasSubstr("truncated")));
}

TEST_F(BadInput, ACaptureCutInItsHeaderIsNamed) {
    fs::resize_file(scenario.folder / "in/eth0.pcap", 10);
    expect_refused(run(), HasSubstr("eth0.pcap"));
}

TEST_F(BadInput, ACaptureOfAnotherLinkTypeIsNamed) {
    std::string text = read_text(scenario.folder / "in/eth0.pcap");
    text[20] = 101;  // LINKTYPE_RAW
    write_text(scenario.folder / "in/eth0.pcap", text);
    expect_refused(run(), AllOf(HasSubstr("eth0.pcap"), HasSubstr("Ethernet")));
}

TEST_F(BadInput, AnUnknownKeyIsNamedWithItsLine) {
    write_text(scenario.folder / "scenario.toml",
               read_text(scenario.folder / "scenario.toml") + "[nic]\nrx_fifo = 3\n");
    expect_refused(run(), AllOf(HasSubstr("scenario.toml"), HasSubstr("rx_fifo")));
}

TEST_F(BadInput, AnUnknownOverrideIsNamed) { expect_refused(run({"--set", "nic.nonsense=3"}), HasSubstr("nonsense")); }

TEST_F(BadInput, AnUnknownCommandIsNamedWithItsLine) {
    write_text(scenario.folder / "router.sh", scenario.router + "ipx route add nowhere\n");
    expect_refused(run(), AllOf(HasSubstr("router.sh:8"), HasSubstr("ipx")));
}

TEST_F(BadInput, ACommandThatTheFirmwareRefusesIsNamedWithItsLineAndReason) {
    write_text(scenario.folder / "router.sh", scenario.router + "ip route add 10.9.0.0/16 via 172.16.0.1\n");
    expect_refused(run(), AllOf(HasSubstr("router.sh:8"), HasSubstr("unreachable")));
}

TEST_F(BadInput, AMissingCaptureIsNamed) {
    fs::remove(scenario.folder / "in/eth1.pcap");
    expect_refused(run(), HasSubstr("eth1.pcap"));
}

TEST_F(BadInput, AMissingScenarioIsNamed) {
    const Result result = turnpike({"run", (folder.path() / "nothing").string()});
    EXPECT_EQ(result.status, 2);
    EXPECT_THAT(result.err, HasSubstr("nothing"));
}

TEST_F(BadInput, AFirmwareOfTheWrongMachineIsNamed) {
    std::string elf = read_text("/proc/self/exe").substr(0, 4096);
    elf[18] = static_cast<char>(183);  // EM_AARCH64
    write_text(folder.path() / "arm.elf", elf);
    expect_refused(run({"--firmware", (folder.path() / "arm.elf").string()}),
                   AllOf(HasSubstr("arm.elf"), HasSubstr("183"), HasSubstr("x86-64")));
}

TEST_F(BadInput, AFirmwareThatIsNoElfIsNamed) {
    write_text(folder.path() / "text.elf", "hello");
    expect_refused(run({"--firmware", (folder.path() / "text.elf").string()}), HasSubstr("text.elf"));
}

TEST_F(BadInput, AFirmwareThatRunsWildEndsWithADiagnosis) {
    // The image's entry points into zeroed memory near its end: add [rax], al until the core leaves DRAM.
    std::string elf = read_text(TURNPIKE_FIRMWARE);
    elf[24] = 0, elf[25] = static_cast<char>(0xF0), elf[26] = static_cast<char>(0xFF), elf[27] = 7;
    write_text(folder.path() / "wild.elf", elf);
    const Result result = run({"--firmware", (folder.path() / "wild.elf").string()});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, AllOf(HasSubstr("rip"), HasSubstr("rax"), HasSubstr("backtrace")));
}

TEST_F(BadInput, AFirmwareThatGoesWrongInAFunctionEndsWithItsName) {
    // UD2 in place of the first instructions of the function that forwards.
    std::string elf = read_text(TURNPIKE_FIRMWARE);
    const std::size_t at = file_offset_of(elf, "ip_forward");
    ASSERT_NE(at, 0U);
    elf.replace(at, 2, "\x0F\x0B");
    write_text(folder.path() / "wild.elf", elf);
    const Result result = run({"--firmware", (folder.path() / "wild.elf").string()});
    EXPECT_EQ(result.status, 1);
    for (const char* part : {"#UD at rip", "bytes 0f 0b", "panic", "last branches", "backtrace", "net_rx_action+"})
        EXPECT_THAT(result.err, HasSubstr(part));
}

TEST_F(BadInput, AnOverrideTakesOneWordSoThatTheScenarioMayFollowIt) {
    const Result result = turnpike(
        {"run", "--set", "cpu.quantum_ns=500", "--set", "nic.processing_ns=50", "--quiet", scenario.folder.string()});
    EXPECT_EQ(result.status, 0) << result.err;
}

TEST_F(BadInput, UnknownWordsOnTheCommandLineAreRefused) { EXPECT_EQ(turnpike({"walk"}).status, 2); }

TEST(OddFrames, OfZeroThirteenNineThousandAndSixtyFiveThousandBytesAreCountedDrops) {
    TemporaryFolder folder;
    Scenario scenario(folder.path() / "s");
    scenario.add(0, 1000, {});
    scenario.add(0, 2000, Bytes(13, 0xFF));
    scenario.add(0, 3000, Bytes(9000, 0xFF));
    scenario.add(0, 20000, Bytes(65535, 0xFF));
    scenario.add(0, 90000, UdpFrame{}.bytes());
    scenario.write();
    const Result result = turnpike({"run", scenario.folder.string()});
    EXPECT_EQ(result.status, 0) << result.err;
    const auto stats = read_json(scenario.folder / "out/stats.json");
    EXPECT_EQ(stats["frames_by_fate"]["rx_runt"], 2);
    EXPECT_EQ(stats["frames_by_fate"]["rx_oversize"], 2);
    EXPECT_EQ(stats["frames_by_fate"]["forwarded"], 1);
    EXPECT_TRUE(stats["balance"]["balanced"]);
}

}  // namespace
}  // namespace turnpike::test
