// SPDX-License-Identifier: Apache-2.0
#include "models/debug/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace turnpike::gdb {
namespace {

bool readable(int socket, bool wait) {
    pollfd entry{socket, POLLIN, 0};
    int found;
    do {
        found = ::poll(&entry, 1, wait ? -1 : 0);
    } while (found < 0 && errno == EINTR);
    return found > 0;
}

}  // namespace

Connection::Connection(std::uint16_t port) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener_ < 0) throw ServerError(std::string("no socket for gdb: ") + std::strerror(errno));
    const int on = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, plain, size) != 0 || ::listen(listener_, 1) != 0 ||
        ::getsockname(listener_, plain, &size) != 0) {
        const std::string why = std::strerror(errno);
        ::close(listener_);
        throw ServerError("--gdb: found port " + std::to_string(port) + " of 127.0.0.1 taken (" + why +
                          "), expected a free one; 0 takes any");
    }
    port_ = ntohs(address.sin_port);
}

Connection::~Connection() {
    close();
    ::close(listener_);
}

void Connection::accept(bool wait) {
    if (!readable(listener_, wait)) return;
    client_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client_ < 0) return;
    const int on = 1;
    ::setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    reader_.clear();
    last_sent_.clear();
}

void Connection::close() {
    if (client_ >= 0) ::close(client_);
    client_ = -1;
}

void Connection::receive(bool wait) {
    if (!readable(client_, wait)) return;
    std::array<char, 4096> bytes;
    const ssize_t count = ::recv(client_, bytes.data(), bytes.size(), 0);
    if (count > 0)
        reader_.feed({bytes.data(), static_cast<std::size_t>(count)});
    else if (count == 0 || (errno != EINTR && errno != EAGAIN))
        close();
}

void Connection::send_raw(std::string_view bytes) {
    while (open() && !bytes.empty()) {
        const ssize_t count = ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return close();
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Connection::send(std::string_view body) {
    last_sent_ = framed(body);
    send_raw(last_sent_);
}

}  // namespace turnpike::gdb
