// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/netns.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "cli/diff/process.h"

namespace turnpike::diff {
namespace {

constexpr const char* kOwnNamespace = "/proc/thread-self/ns/net";

[[noreturn]] void fail(std::string_view what) {
    throw EnvironmentError(fmt::format("{}: {}", what, std::strerror(errno)));
}

int open_own_namespace() {
    const int descriptor = open(kOwnNamespace, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) fail(kOwnNamespace);
    return descriptor;
}

/// Interfaces' ioctls need some socket.
class ControlSocket {
  public:
    ControlSocket() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        if (socket_ < 0) fail("socket");
    }
    ~ControlSocket() { close(socket_); }
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;
    /// Devices without the feature refuse, which is as good as off.
    void ethtool_off(const std::string& interface, std::uint32_t command) const {
        ethtool_value value{command, 0};
        ifreq request{};
        interface.copy(request.ifr_name, IFNAMSIZ - 1);
        request.ifr_data = reinterpret_cast<char*>(&value);
        if (ioctl(socket_, SIOCETHTOOL, &request) < 0 && errno != EOPNOTSUPP && errno != EINVAL) {
            fail("SIOCETHTOOL on " + interface);
        }
    }

  private:
    int socket_;
};

}  // namespace

NetNamespace::NetNamespace() : descriptor_(-1) {
    const int previous = open_own_namespace();
    if (unshare(CLONE_NEWNET) < 0) {
        const int error = errno;
        close(previous);
        errno = error;
        fail("cannot make a network namespace (are you root?)");
    }
    descriptor_ = open(kOwnNamespace, O_RDONLY | O_CLOEXEC);
    const bool back = setns(previous, CLONE_NEWNET) == 0;
    close(previous);
    if (descriptor_ < 0 || !back) fail("network namespace");
}

NetNamespace::~NetNamespace() { close(descriptor_); }

std::string NetNamespace::path() const { return fmt::format("/proc/{}/fd/{}", getpid(), descriptor_); }

Inside::Inside(const NetNamespace& space) : previous_(open_own_namespace()) {
    if (setns(space.descriptor(), CLONE_NEWNET) < 0) {
        close(previous_);
        fail("cannot enter a network namespace");
    }
}

Inside::~Inside() {
    // Failing would leave everything that follows in the wrong namespace; it cannot, the descriptor is ours.
    if (setns(previous_, CLONE_NEWNET) < 0) std::abort();
    close(previous_);
}

bool write_sysctl(std::string_view name, std::string_view value) {
    std::string path = "/proc/sys/" + std::string(name);
    std::replace(path.begin() + 10, path.end(), '.', '/');
    const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        if (errno == ENOENT) return false;
        fail(path);
    }
    const ssize_t written = write(file, value.data(), value.size());
    const int error = errno;
    close(file);
    errno = error;
    if (written != static_cast<ssize_t>(value.size())) fail(fmt::format("cannot write {} to {}", value, path));
    return true;
}

void disable_offloads(const std::string& interface) {
    const ControlSocket control;
    for (const std::uint32_t command :
         {ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO, ETHTOOL_SUFO, ETHTOOL_SSG, ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM}) {
        control.ethtool_off(interface, command);
    }
}

}  // namespace turnpike::diff
