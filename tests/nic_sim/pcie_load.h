// SPDX-License-Identifier: Apache-2.0
// The PCI Express link alone, under as much load as it takes, and what the published model says about it.
#pragma once
#include <cstdint>

#include "models/nic_sim/nic_sim.h"

namespace turnpike::test {

enum class Load { write, read, both };

/// Gbit/s of data in each direction in use, over many accesses of `bytes` each by a device at the link of `config`.
double measured_gbps(const NicSimConfig& config, Load load, unsigned bytes);

/// Neugebauer et al., "Understanding PCIe performance for end host networking", SIGCOMM 2018, section 3, for the same:
/// 57.88 Gbit/s at the TLP layer of generation 3 x8, 24 bytes for a write or a read request, 20 for a completion.
double published_gbps(Load load, unsigned bytes, unsigned max_payload = 256, unsigned max_read_request = 512);

/// The published model knows no latency: so many tags that none is waited for.
NicSimConfig without_waiting();

}  // namespace turnpike::test
