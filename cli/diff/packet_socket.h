// SPDX-License-Identifier: Apache-2.0
// The far end of one router port: puts frames on the wire and takes those that the router sends.
#pragma once
#include <cstdint>
#include <string>

#include "cli/diff/packet.h"

namespace turnpike::diff {

class PacketSocket {
  public:
    /// On `interface` of the namespace that the calling thread is in.
    explicit PacketSocket(const std::string& interface);
    ~PacketSocket();
    PacketSocket(const PacketSocket&) = delete;
    PacketSocket& operator=(const PacketSocket&) = delete;

    int descriptor() const { return descriptor_; }
    /// False: the kernel does not take such a frame (shorter than a header, longer than the router's port allows). A
    /// frame into a wire without carrier is gone, and that is true.
    bool send(Bytes frame) const;
    /// The next frame that has come; false when there is none yet.
    bool receive(FrameBytes& frame) const;
    /// Frames that came and found no room in the socket.
    std::uint64_t lost() const;

  private:
    int descriptor_;
    std::string interface_;
};

}  // namespace turnpike::diff
