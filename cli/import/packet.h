// SPDX-License-Identifier: Apache-2.0
// What the importer needs to know of a captured frame.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "config/address.h"
#include "models/link/capture.h"

namespace turnpike::import {

using config::Mac;

struct Packet {
    std::uint64_t time_ns = 0;
    std::vector<std::uint8_t> bytes;
    Mac destination_mac{};
    Mac source_mac{};
    bool sound = false;  ///< IPv4 header whole and consistent: the addresses below count
    std::uint32_t source = 0;
    std::uint32_t destination = 0;
};

bool is_zero(const Mac& mac);
bool is_group(const Mac& mac);
/// A host's own address that a router can have a route to: not 0/8, 127/8, multicast or broadcast.
bool is_host(std::uint32_t address);
constexpr bool is_loopback(std::uint32_t address) { return address >> 24 == 127; }

/// Big-endian numbers in a frame.
std::uint16_t get16(std::span<const std::uint8_t> bytes, std::size_t at);
std::uint32_t get32(std::span<const std::uint8_t> bytes, std::size_t at);
void put16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value);
void put32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value);

/// Why a frame cannot be routed at all, or "".
std::string exclusion(const CapturedFrame& frame, std::uint32_t mtu);
/// A frame without such a reason.
Packet make_packet(CapturedFrame frame);

}  // namespace turnpike::import
