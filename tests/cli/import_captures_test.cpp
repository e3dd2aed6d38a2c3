// SPDX-License-Identifier: Apache-2.0
// The public captures go through import, and the router.sh that comes out through the real ip(8) as well.
#include <cstdlib>

#include "tests/cli/import_folder.h"

namespace turnpike::import {
namespace {

namespace fs = std::filesystem;

struct Expected {
    const char* file;
    std::uint64_t read, kept;
};
/// For the test's name.
void PrintTo(const Expected& value, std::ostream* out) { *out << value.file; }

// Frames as capinfos counts them; those longer than 1,514 bytes as tshark's frame.len > 1514 counts them.
constexpr Expected kCaptures[] = {{"bro.org.pcap", 751, 751},
                                  {"dhcp_flood.pcap", 500, 500},
                                  {"firefox-102.13.0esr-blog-cloudflare-com.pcap", 608, 608},
                                  {"irc-dcc-send.pcapng", 1184, 1184},
                                  {"smb2_100_small_files.pcap", 979, 978},
                                  {"ssh.pcap", 1797, 1559}};

class Captures : public ImportFolder, public testing::WithParamInterface<Expected> {
  protected:
    fs::path capture() const { return fs::path(TURNPIKE_DATA_DIR) / "captures" / GetParam().file; }
    static bool shell(const std::string& command) {
        return std::system((command + " >/dev/null 2>&1").c_str()) == 0;  // NOLINT(cert-env33-c)
    }
};

TEST_P(Captures, BecomesAScenarioInWhichEveryFrameArrivesOnceInOrder) {
    if (!fs::exists(capture())) GTEST_SKIP() << capture() << " is not there";
    const ImportReport report = import_capture({.capture = capture(), .out = folder / "out"});
    EXPECT_EQ(report.read, GetParam().read);
    EXPECT_EQ(report.kept, GetParam().kept);
    const config::Scenario scenario = config::load_scenario(folder / "out", {}, TURNPIKE_MACHINES_DIR);
    std::uint64_t arrivals = 0;
    for (const config::PortConfig& port : scenario.ports) {
        ASSERT_TRUE(port.rx);
        std::uint64_t last = 0;
        for (const CapturedFrame& frame : read_capture(*port.rx).frames) {
            EXPECT_GT(frame.time_ns, last);
            EXPECT_LE(frame.time_ns - last, 20'000'000'000u);
            EXPECT_LE(frame.bytes.size(), 1514u);
            EXPECT_TRUE(std::equal(port.mac.begin(), port.mac.end(), frame.bytes.begin()) || frame.bytes[0] & 1);
            last = frame.time_ns;
            ++arrivals;
        }
    }
    EXPECT_EQ(arrivals, report.kept);
}

TEST_P(Captures, MakesARouterScriptThatLinuxAccepts) {
    if (!fs::exists(capture())) GTEST_SKIP() << capture() << " is not there";
    const std::string name = "tpimp" + std::to_string(getpid()), in = "ip netns exec " + name + " ";
    if (!shell("ip netns add " + name)) GTEST_SKIP() << "needs root and ip netns";
    import_capture({.capture = capture(), .out = folder / "out"});
    EXPECT_TRUE(shell(in + "ip link add eth0 type veth peer name far0"));
    EXPECT_TRUE(shell(in + "ip link add eth1 type veth peer name far1"));
    for (const config::Command& command :
         config::load_scenario(folder / "out", {}, TURNPIKE_MACHINES_DIR).router.commands) {
        EXPECT_TRUE(shell(in + command.text)) << command.text;
    }
    shell("ip netns del " + name);
}

INSTANTIATE_TEST_SUITE_P(Import, Captures, testing::ValuesIn(kCaptures), [](const auto& instance) {
    std::string name;
    for (const char* c = instance.param.file; *c != '\0'; ++c) name += std::isalnum(*c) != 0 ? *c : '_';
    return name;
});

}  // namespace
}  // namespace turnpike::import
