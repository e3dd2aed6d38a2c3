// SPDX-License-Identifier: Apache-2.0
// Routes and neighbours change while other cores forward: the tables, software's and the LPM engine's, have no lock,
// the cores stand still instead, each between two softirqs; no lookup that began ahead is under way then.
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "config/message.h"
#include "config/router_script.h"
#include "models/soc/soc.h"
#include "regs/config.h"

namespace turnpike {
namespace {

namespace msg = regs::config;

constexpr unsigned kPorts = 3, kFrames = 600, kChanges = 40;
constexpr std::uint64_t kUs = 1'000'000;  // picoseconds

std::vector<SocMessage> of(const std::vector<config::Message>& messages) {
    std::vector<SocMessage> out;
    out.reserve(messages.size());
    for (const config::Message& message : messages) out.push_back({message.type, message.bytes});
    return out;
}

std::vector<config::Message> commands(const std::string& text) {
    std::vector<config::Message> out;
    for (const config::Command& command :
         config::parse_router_script("router.sh", text, {"eth0", "eth1", "eth2"}).commands)
        out.insert(out.end(), command.messages.begin(), command.messages.end());
    return out;
}

/// Each port's interrupts go to a core of its own: eth2's, where everything leaves, and the mailbox's to core 0.
std::vector<SocMessage> configuration(const regs::params::accel_lpm& lpm) {
    std::vector<config::Message> all;
    for (unsigned n = 0; n < kPorts; ++n) {
        msg::Port port;
        port.ifindex = n + 2;
        port.mtu = 1500;
        port.bar = regs::map::NIC_BASE + n * regs::map::NIC_BAR_BYTES;
        port.irq_pin = static_cast<std::uint32_t>(regs::map::NIC_IRQ_BASE + n);
        port.irq_cpu = (n + 1) % kPorts;
        port.mac[0] = 2;
        port.mac[5] = static_cast<std::uint8_t>(n);
        ("eth" + std::to_string(n)).copy(port.name, sizeof port.name - 1);
        all.push_back(config::encode(port));
    }
    msg::Accelerators accelerators;
    accelerators.lpm_hardware = lpm.mode != "software" ? 1 : 0;
    accelerators.lpm_lookaside = lpm.access == "lookaside" ? 1 : 0;
    all.push_back(config::encode(accelerators));
    std::string text = "sysctl -w net.ipv4.ip_forward=1\n";
    for (unsigned n = 0; n < kPorts; ++n) {
        text += fmt::format("ip link set eth{0} up\nip addr add 10.0.{0}.1/24 dev eth{0}\n", n);
    }
    text += "ip neigh add 10.0.2.2 lladdr 02:00:00:00:00:99 dev eth2 nud permanent\n";
    for (const config::Message& message : commands(text)) all.push_back(message);
    msg::Start start;
    start.tsc_khz = 3'000'000;
    all.push_back(config::encode(start));
    return of(all);
}

/// A UDP datagram to 10.0.2.2 (RFC 791, RFC 768), its header checksum worked out here.
std::vector<std::uint8_t> frame(unsigned port) {
    const auto in = static_cast<std::uint8_t>(port);
    std::vector<std::uint8_t> bytes = {2, 0,  0,  0, 0, in, 2, 0,  0, 0,  1, in, 8, 0, 0x45, 0, 0, 46, 0,  0, 0,
                                       0, 64, 17, 0, 0, 10, 0, in, 2, 10, 0, 2,  2, 4, 0,    4, 1, 0,  26, 0, 0};
    bytes.resize(60);
    unsigned sum = 0;
    for (unsigned n = 14; n < 34; n += 2) sum += static_cast<unsigned>(bytes[n] << 8 | bytes[n + 1]);
    sum = (sum & 0xFFFF) + (sum >> 16);
    bytes[24] = static_cast<std::uint8_t>(~sum >> 8);
    bytes[25] = static_cast<std::uint8_t>(~sum);
    return bytes;
}

std::vector<PortSetup> ports() {
    std::vector<PortSetup> setups(kPorts);
    FrameId id = 0;
    for (unsigned n = 0; n < kPorts; ++n) {
        setups[n].name = "eth" + std::to_string(n);
        setups[n].mac = {2, 0, 0, 0, 0, static_cast<std::uint8_t>(n)};
        setups[n].rate_mbps = 10'000;
        for (unsigned i = 0; n < 2 && i < kFrames; ++i)
            setups[n].frames.push_back({{frame(n), id++}, (20 + 4 * i) * kUs});
    }
    return setups;
}

/// Calls of a stage on a core.
std::uint64_t calls(const cpu::Core& core, const std::string& stage) {
    const auto& stages = core.stages();
    const auto found = std::find_if(stages.begin(), stages.end(), [&](const auto& s) { return s.name == stage; });
    return found == stages.end() ? 0 : found->calls;
}

struct Form {
    const char* mode;
    const char* access;
};

class RuntimeChange : public testing::TestWithParam<Form> {};
INSTANTIATE_TEST_SUITE_P(Forms, RuntimeChange,
                         testing::Values(Form{"software", "blocking"}, Form{"lockstep", "blocking"},
                                         Form{"lockstep", "lookaside"}),
                         [](const auto& form) { return fmt::format("{}_{}", form.param.mode, form.param.access); });

TEST_P(RuntimeChange, TablesThatChangeUnderTrafficOfTwoOtherCoresLoseNoFrame) {
    regs::MachineParams machine;
    machine.cpu.cores = kPorts;
    machine.accel_lpm.mode = GetParam().mode;
    machine.accel_lpm.access = GetParam().access;
    const ElfImage image(TURNPIKE_FIRMWARE, machine.dram.size_mib << 20);
    Soc soc("soc", machine, {}, ports(), image);
    soc.boot(configuration(machine.accel_lpm));
    const auto folder = std::filesystem::temp_directory_path() / ("turnpike-change-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    soc.start_traffic({folder / "0.pcap", folder / "1.pcap", folder / "2.pcap"}, 0);
    for (unsigned n = 0; n < kChanges; ++n) {
        ASSERT_TRUE(soc.run_to((30 + 55 * n) * kUs));
        // The neighbour that every packet uses is written anew; a route comes, the one before it goes.
        std::string text = "ip neigh replace 10.0.2.2 lladdr 02:00:00:00:00:99 dev eth2 nud permanent\n";
        text += "ip route add 10.50." + std::to_string(n) + ".0/24 via 10.0.2.2\n";
        // So does the very route of the packets: a longer prefix beside the one of the link.
        text += n % 2 == 0 ? "ip route add 10.0.2.2/32 dev eth2\n" : "ip route del 10.0.2.2/32 dev eth2\n";
        if (n > 0) text += "ip route del 10.50." + std::to_string(n - 1) + ".0/24 via 10.0.2.2\n";
        soc.send(of(commands(text)));
    }
    ASSERT_TRUE(soc.run_to(4000 * kUs));
    soc.finish();
    std::filesystem::remove_all(folder);
    EXPECT_FALSE(soc.refusal());
    EXPECT_EQ(soc.unanswered(), 0u);
    EXPECT_EQ(soc.recorder().by_fate()[static_cast<unsigned>(regs::Fate::forwarded)], 2 * kFrames);
    for (const unsigned core : {1u, 2u}) {
        EXPECT_EQ(calls(soc.core(core), "napi_gro_receive"), kFrames);
        EXPECT_GE(calls(soc.core(core), "reschedule_interrupt"), kChanges) << "it was not asked to stand still";
    }
    EXPECT_EQ(calls(soc.core(0), "napi_gro_receive"), 0u);
}

}  // namespace
}  // namespace turnpike
