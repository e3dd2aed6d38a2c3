// SPDX-License-Identifier: Apache-2.0
#include "sw/app/boot.h"

#include "sw/hal/native/test_machine.h"

namespace fw::native {

void boot() { kernel_init(); }

}  // namespace fw::native
