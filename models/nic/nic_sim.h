// SPDX-License-Identifier: Apache-2.0
// The host-driver facade under the name that drivers include, for C++ and for C; target turnpike_nic_sim.
#pragma once
#ifdef __cplusplus
#include "models/nic_sim/nic_sim.h"
#endif
#include "models/nic_sim/nic_sim_c.h"
