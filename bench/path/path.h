// SPDX-License-Identifier: Apache-2.0
// The software path of a forwarded packet, from netif_receive_skb to dev_queue_xmit, as it is measured on the modelled
// core (guest.c) and on the host's processor (native.cpp): the firmware's own sources with its own compiler flags.
#pragma once
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Packets of one run: what a driver takes at a time, what L1D holds, and what a receive ring holds (L2).
#define PATH_BATCHES \
    { 32, 128, 512 }
#define PATH_MOST_PACKETS 512
/// Runs before the timed ones on the modelled core, and timed ones.
#define PATH_RUNS 32

/// A word that the GS base must point to before anything else here is called: the number of this CPU.
extern uint32_t path_cpu_number;
/// Boots the stack; two ports, routes, neighbours. 0, or the number of the step that failed.
int path_init(void);
/// Frames as a driver hands them up, `packets` of them; those of the last run are taken back.
void path_prepare(uint32_t packets);
/// Forwards all of them.
void path_run(void);
/// Packets that came out so far, and a sum over the bytes of those of the last run: the same everywhere.
uint64_t path_forwarded(void);
uint64_t path_digest(void);

#ifdef __cplusplus
}
#endif
