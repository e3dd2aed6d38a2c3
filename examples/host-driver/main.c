/* SPDX-License-Identifier: Apache-2.0 */
/* The same NIC from C: asks for its ids and waits for the link. */
#include <stdio.h>

#include "models/nic/nic_sim.h"

static int no_read(void* context, uint64_t address, void* data, size_t bytes) {
    (void)context, (void)address, (void)data, (void)bytes;
    return 0;
}
static int no_write(void* context, uint64_t address, const void* data, size_t bytes) {
    (void)context, (void)address, (void)data, (void)bytes;
    return 0;
}
static int link_is_up(void* context) {
    return turnpike_nic_sim_mmio_read32(context, 0, 0x042A4) >> 30 & 1; /* 8.2.3.22.20: LINKS */
}

int main(void) {
    const turnpike_nic_sim_memory memory = {NULL, no_read, no_write};
    turnpike_nic_sim* nic = turnpike_nic_sim_new(NULL, &memory);
    if (nic == NULL) return 1;
    printf("%08x\n", (unsigned)turnpike_nic_sim_cfg_read32(nic, 0));
    const int up = turnpike_nic_sim_run_until(nic, link_is_up, nic, 1000000000000);
    printf("link up after %llu ns\n", (unsigned long long)(turnpike_nic_sim_now_ps(nic) / 1000));
    turnpike_nic_sim_delete(nic);
    return up ? 0 : 1;
}
