// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/packet_socket.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

constexpr int kReceiveBufferBytes = 64 << 20;
/// ENOBUFS is the router's input queue being full, which lasts for moments, or a frame longer than its port's MTU.
constexpr auto kQueueTimeout = std::chrono::milliseconds(50);
constexpr std::size_t kLongestFrame = 65536 + 64;

[[noreturn]] void fail(std::string_view what, const std::string& interface) {
    throw EnvironmentError(fmt::format("{} on {}: {}", what, interface, std::strerror(errno)));
}

void set_option(int descriptor, int level, int option, int value, const std::string& interface) {
    if (setsockopt(descriptor, level, option, &value, sizeof value) < 0) fail("setsockopt", interface);
}

/// A packet socket's descriptor serves for the question as well as any.
bool has_carrier(const std::string& interface, int descriptor) {
    ifreq request{};
    interface.copy(request.ifr_name, IFNAMSIZ - 1);
    return ioctl(descriptor, SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_RUNNING) != 0;
}

}  // namespace

PacketSocket::PacketSocket(const std::string& interface) : descriptor_(-1), interface_(interface) {
    // Protocol 0 at first: nothing is taken before the socket is bound to its interface.
    descriptor_ = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor_ < 0) fail("packet socket", interface);
    set_option(descriptor_, SOL_SOCKET, SO_RCVBUFFORCE, kReceiveBufferBytes, interface);
    set_option(descriptor_, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, interface);
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
    if (bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) fail("bind", interface);
}

PacketSocket::~PacketSocket() { close(descriptor_); }

bool PacketSocket::send(Bytes frame) const {
    const auto give_up = std::chrono::steady_clock::now() + kQueueTimeout;
    while (::send(descriptor_, frame.data(), frame.size(), 0) < 0) {
        if (errno == EINVAL || errno == EMSGSIZE) return false;
        if (errno == ENETDOWN || (errno == ENOBUFS && !has_carrier(interface_, descriptor_))) return true;
        if (errno == ENOBUFS && std::chrono::steady_clock::now() > give_up) return false;
        if (errno != EINTR && errno != ENOBUFS && errno != EAGAIN) fail("send", interface_);
        check_interrupted();
    }
    return true;
}

bool PacketSocket::receive(FrameBytes& frame) const {
    std::array<std::uint8_t, kLongestFrame> buffer;
    for (;;) {
        const ssize_t got = recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (got >= 0) {
            frame.assign(buffer.data(), buffer.data() + got);
            return true;
        }
        if (errno == EAGAIN) return false;
        if (errno != EINTR) fail("receive", interface_);
    }
}

std::uint64_t PacketSocket::lost() const {
    tpacket_stats statistics{};
    socklen_t bytes = sizeof statistics;
    if (getsockopt(descriptor_, SOL_PACKET, PACKET_STATISTICS, &statistics, &bytes) < 0) fail("getsockopt", interface_);
    return statistics.tp_drops;
}

}  // namespace turnpike::diff
