// SPDX-License-Identifier: Apache-2.0
// In a file of its own, so that a firmware variant can put another discipline in its place.
#include "sw/kernel/sch_generic.h"

namespace fw {

constinit const Qdisc_ops* const default_qdisc_ops = &pfifo_fast_ops;

}  // namespace fw
