// SPDX-License-Identifier: Apache-2.0
#include "cli/input/input.h"

#include "models/link/generator.h"

namespace turnpike {
namespace {

constexpr std::uint8_t kTcp = 6, kUdp = 17;  // IANA protocol numbers

AddressRange range_of(const config::Prefix& prefix) {
    const std::uint32_t mask = config::netmask(prefix.length);
    // An address by itself is what it says; of a prefix, all addresses.
    return {prefix.length == 32 ? prefix.address : prefix.address & mask, std::uint64_t{1} << (32 - prefix.length)};
}

Generator generator_of(const config::GeneratorConfig& config, std::uint64_t number, std::uint64_t seed) {
    Generator generator;
    generator.destination_mac = config.destination_mac;
    generator.source_mac = {0x02, 0, 0, 0x0A, static_cast<std::uint8_t>(config.port), 2};
    generator.source = range_of(config.source);
    generator.destination = range_of(config.destination);
    generator.source_port = config.source_port;
    generator.destination_port = config.destination_port;
    generator.protocol = config.tcp ? kTcp : kUdp;
    generator.bytes = static_cast<std::uint32_t>(config.bytes);
    generator.frames = config.frames;
    generator.flows = config.flows;
    generator.start_ns = config.start_us * 1000;
    generator.interval_ns = config.interval_ns;
    generator.seed = seed + number;
    return generator;
}

}  // namespace

std::vector<Capture> read_inputs(const config::Scenario& scenario) {
    std::vector<Capture> captures;
    for (const config::PortConfig& port : scenario.ports)
        captures.push_back(port.rx ? read_capture(*port.rx) : Capture{});
    const std::uint64_t epoch_ns = epoch_of(captures);
    std::uint64_t number = 0;
    for (const config::GeneratorConfig& config : scenario.generators)
        merge(captures[config.port], generate(generator_of(config, number++, scenario.run.seed)), epoch_ns);
    return captures;
}

}  // namespace turnpike
