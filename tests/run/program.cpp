// SPDX-License-Identifier: Apache-2.0
#include "tests/run/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

#include "models/link/capture.h"

extern char** environ;

namespace turnpike::test {

Result turnpike(const std::vector<std::string>& arguments) { return run_program(TURNPIKE_PROGRAM, arguments); }

Result run_program(const fs::path& program, const std::vector<std::string>& arguments) {
    TemporaryFolder folder;
    const std::string out = folder.path() / "out", err = folder.path() / "err";
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
    pid_t child = 0;
    Result result;
    if (posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0) {
        int status = 0;
        waitpid(child, &status, 0);
        result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    posix_spawn_file_actions_destroy(&actions);
    result.out = read_text(out);
    result.err = read_text(err);
    return result;
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "turnpike-XXXXXX").string();
    path_ = mkdtemp(name.data());
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& file, const std::string& text) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
}

nlohmann::ordered_json read_json(const fs::path& file) { return nlohmann::ordered_json::parse(read_text(file)); }

std::vector<Bytes> frame_bytes(const fs::path& capture) {
    std::vector<Bytes> frames;
    for (CapturedFrame& frame : read_capture(capture).frames) frames.push_back(std::move(frame.bytes));
    return frames;
}

namespace {

void put16(Bytes& bytes, std::size_t at, unsigned value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}

void put32(Bytes& bytes, std::size_t at, std::uint32_t value) {
    put16(bytes, at, value >> 16);
    put16(bytes, at + 2, value & 0xFFFF);
}

}  // namespace

Bytes UdpFrame::bytes() const {
    Bytes frame(total);
    std::copy(destination_mac.begin(), destination_mac.end(), frame.begin());
    const std::array<std::uint8_t, 6> source_mac{2, 0, 0, 0x0A, 0, 2};
    std::copy(source_mac.begin(), source_mac.end(), frame.begin() + 6);
    put16(frame, 12, 0x0800);
    frame[14] = 0x45;
    frame[15] = tos;
    put16(frame, 16, total - 14);
    put16(frame, 18, id);
    frame[22] = ttl;
    frame[23] = 17;
    put32(frame, 26, source);
    put32(frame, 30, destination);
    std::uint32_t sum = 0;
    for (std::size_t i = 14; i < 34; i += 2) sum += static_cast<std::uint32_t>(frame[i] << 8 | frame[i + 1]);
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    put16(frame, 24, ~sum & 0xFFFF);
    put16(frame, 34, source_port);
    put16(frame, 36, 2222);
    put16(frame, 38, total - 34);
    for (std::size_t i = 42; i < frame.size(); ++i) frame[i] = static_cast<std::uint8_t>(i + id);
    return frame;
}

Scenario::Scenario(const fs::path& where, unsigned ports) : folder(where), arrivals_(ports) {
    // '#' stands for the port's number, a digit.
    constexpr std::string_view kOfPort =
        "ip link set eth# up\nip addr add 10.0.#.1/24 dev eth#\n"
        "ip neigh add 10.0.#.2 lladdr 02:00:00:0a:0#:02 dev eth# nud permanent\n";
    for (unsigned port = 0; port < ports; ++port)
        for (const char c : kOfPort) router += c == '#' ? static_cast<char>('0' + port) : c;
    router += "sysctl -w net.ipv4.ip_forward=1\n";
    toml = "[run]\npace = \"real\"\ndrain_s = 0.01\n";
}

void Scenario::add(unsigned port, std::uint64_t ns, Bytes frame) { arrivals_[port].push_back({ns, std::move(frame)}); }

void Scenario::write() const {
    std::string text = "name = \"made\"\nabout = \"made by a test\"\n";
    for (unsigned port = 0; port < arrivals_.size(); ++port) {
        const std::string name = "eth" + std::to_string(port);
        text +=
            "[[port]]\nname = \"" + name + "\"\nmac = \"02:00:00:00:0" + std::to_string(port) + ":01\"\nmtu = 1500\n";
        text += "rx = \"in/" + name + ".pcap\"\ntx = \"out/" + name + ".pcap\"\n";
        fs::create_directories(folder / "in");
        CaptureWriter writer(folder / "in" / (name + ".pcap"));
        for (const Arrival& arrival : arrivals_[port]) writer.write(arrival.ns, arrival.bytes);
    }
    write_text(folder / "scenario.toml", text + toml);
    write_text(folder / "router.sh", router);
}

}  // namespace turnpike::test
