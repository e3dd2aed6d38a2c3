// SPDX-License-Identifier: Apache-2.0
// The host-driver facade under the name that drivers include; target turnpike_nic_sim.
#pragma once
#include "models/nic_sim/nic_sim.h"
#include "models/nic_sim/nic_sim_c.h"
