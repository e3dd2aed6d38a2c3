// SPDX-License-Identifier: Apache-2.0
#include "models/debug/server.h"

#include <arpa/inet.h>
#include <fmt/core.h>
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

/// Blocks between two looks at the socket: some tens of microseconds of the host's time.
constexpr std::uint32_t kLookEvery = 4096;

bool readable(int socket, bool wait) {
    pollfd entry{socket, POLLIN, 0};
    int found;
    do {
        found = ::poll(&entry, 1, wait ? -1 : 0);
    } while (found < 0 && errno == EINTR);
    return found > 0;
}

}  // namespace

Server::Server(std::uint16_t port) {
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

Server::~Server() {
    if (target_ != nullptr)
        for (unsigned n = 0; n < target_->cores(); ++n) target_->core(n).set_debugger(nullptr);
    disconnect();
    ::close(listener_);
}

void Server::attach(Target& target) {
    target_ = &target;
    session_.emplace(target, points_);
    for (unsigned n = 0; n < target.cores(); ++n) target.core(n).set_debugger(this);
}

void Server::wait_for_gdb() { accept_gdb(true); }

void Server::accept_gdb(bool wait) {
    if (!readable(listener_, wait)) return;
    client_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client_ < 0) return;
    const int on = 1;
    ::setsockopt(client_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    reader_.clear();
    last_sent_.clear();
    if (session_) session_->begin();
    expected_ = false;
    interrupted_ = true;
}

void Server::disconnect() {
    if (client_ >= 0) ::close(client_);
    client_ = -1;
    points_.clear();
    interrupted_ = expected_ = false;
    stepping_ = nullptr;
}

bool Server::receive(bool wait) {
    if (!readable(client_, wait)) return true;
    std::array<char, 4096> bytes;
    const ssize_t count = ::recv(client_, bytes.data(), bytes.size(), 0);
    if (count <= 0) {
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
        disconnect();
        return false;
    }
    reader_.feed({bytes.data(), static_cast<std::size_t>(count)});
    return true;
}

void Server::send_raw(std::string_view bytes) {
    while (connected() && !bytes.empty()) {
        const ssize_t count = ::send(client_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return disconnect();
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void Server::send(std::string_view body) {
    last_sent_ = framed(body);
    send_raw(last_sent_);
}

unsigned Server::number_of(const cpu::Core& core) const {
    for (unsigned n = 0; n < target_->cores(); ++n)
        if (&target_->core(n) == &core) return n;
    return 0;
}

void Server::look_for_interrupt() {
    if (!connected()) return accept_gdb(false);
    if (!receive(false)) return;
    std::string body;
    for (auto kind = reader_.next(body); kind != PacketReader::Kind::none; kind = reader_.next(body))
        if (kind == PacketReader::Kind::interrupt) interrupted_ = true;
}

bool Server::wants(const cpu::Core& core, std::uint64_t begin, std::uint64_t end) {
    if (++calls_ % kLookEvery == 0) look_for_interrupt();
    return interrupted_ || stepping_ == &core || points_.watching() || points_.breakpoint_in(begin, end);
}

void Server::before(cpu::Core& core) {
    const bool stepped = stepping_ == &core && --steps_ == 0;
    const bool breakpoint = points_.breakpoint_in(core.rip(), core.rip() + 1);
    if (!interrupted_ && !stepped && !breakpoint) return;
    Stop why;
    why.core = number_of(core);
    if (breakpoint)
        why.reason = Stop::Reason::breakpoint;
    else if (!stepped)
        why.signal = Signal::interrupt;
    stop(why, false);
}

void Server::accessed(cpu::Core& core, std::uint64_t address, std::uint64_t bytes, bool write) {
    const auto point =
        points_.hit(address, bytes, write, [&core](std::uint64_t linear) { return core.translate_debug(linear); });
    if (!point) return;
    Stop why;
    why.core = number_of(core);
    why.reason = Stop::Reason::watchpoint;
    why.watchpoint = *point;
    stop(why, true);
}

void Server::poll() {
    look_for_interrupt();
    if (!interrupted_ || target_ == nullptr) return;
    Stop why;
    why.signal = Signal::interrupt;
    stop(why, true);
}

void Server::died(unsigned core) {
    if (!connected()) return;
    Stop why;
    why.core = core;
    why.signal = Signal::abort;
    stop(why, true);
}

void Server::exited(unsigned status) {
    if (!connected()) return;
    if (expected_) send(fmt::format("W{:02x}", status & 0xFF));
    disconnect();
}

void Server::stop(const Stop& why, bool next_is_fresh) {
    interrupted_ = false;
    stepping_ = nullptr;
    stopped_ = &target_->core(why.core);
    stopped_at_ = stopped_->rip();
    const std::string reply = session_->stopped(why);
    // A gdb that has just come asks by itself.
    if (expected_) send(reply);
    expected_ = false;
    serve(next_is_fresh);
}

void Server::serve(bool next_is_fresh) {
    std::string body;
    while (connected()) {
        switch (reader_.next(body)) {
            case PacketReader::Kind::none:
                receive(true);
                break;
            case PacketReader::Kind::packet:
                if (!session_->no_acknowledgements()) send_raw("+");
                if (!answer(body, next_is_fresh)) return;
                break;
            case PacketReader::Kind::damaged:
                send_raw("-");
                break;
            case PacketReader::Kind::repeat:
                send_raw(last_sent_);
                break;
            case PacketReader::Kind::acknowledge:
            case PacketReader::Kind::interrupt:  // it stands still already
                break;
        }
    }
}

/// False: the machine goes on.
bool Server::answer(std::string_view packet, bool next_is_fresh) {
    const Answer answer = session_->handle(packet);
    for (const std::string& body : answer.packets) send(body);
    switch (answer.then) {
        case Then::stay:
            return true;
        case Then::step:
            stepping_ = &target_->core(answer.core);
            // The instruction that stands next is already past its call of `before`, unless it is fresh or another one.
            steps_ = next_is_fresh || stepping_ != stopped_ || stopped_->rip() != stopped_at_ ? 2 : 1;
            [[fallthrough]];
        case Then::run:
            expected_ = true;
            return false;
        case Then::kill:
            killed_ = true;
            target_->kill();
            [[fallthrough]];
        case Then::detach:
            disconnect();
            return false;
    }
    return true;
}

}  // namespace turnpike::gdb
