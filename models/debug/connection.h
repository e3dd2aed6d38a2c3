// SPDX-License-Identifier: Apache-2.0
// gdb's connection over TCP on 127.0.0.1, one at a time, and the packets on it.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "models/debug/packet.h"

namespace turnpike::gdb {

/// The port cannot be had; what() says why.
class ServerError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class Connection {
  public:
    /// Listens; port 0 takes any that is free. Throws ServerError.
    explicit Connection(std::uint16_t port);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::uint16_t port() const { return port_; }
    bool open() const { return client_ >= 0; }
    /// Takes a gdb that has come. With `wait` returns when one has.
    void accept(bool wait);
    void close();
    /// Takes in what has come; with `wait` at least something, or the end of the connection.
    void receive(bool wait);
    /// The next thing that came in, see PacketReader.
    PacketReader::Kind next(std::string& body) { return reader_.next(body); }

    /// Sends a packet with this body.
    void send(std::string_view body);
    void send_again() { send_raw(last_sent_); }
    /// Bytes outside packets: acknowledgements.
    void send_raw(std::string_view bytes);

  private:
    int listener_ = -1;
    int client_ = -1;
    std::uint16_t port_ = 0;
    PacketReader reader_;
    std::string last_sent_;
};

}  // namespace turnpike::gdb
