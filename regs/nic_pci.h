// SPDX-License-Identifier: Apache-2.0
// The NIC's PCI configuration space, from nic_pci.def.
#pragma once
#include "regs/register.h"

#define REGS_BLOCK nic_pci
#define REGS_LIST "regs/nic_pci.def"
#define REGS_BYTES 4
#include "regs/block.inc"
