/* SPDX-License-Identifier: Apache-2.0 */
/* The same as nic_sim.h, for C. Every pointer is checked by nobody: it has to be valid. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct turnpike_nic_sim turnpike_nic_sim;

/* The host's memory by bus address. 0: nothing answers there. */
typedef struct turnpike_nic_sim_memory {
    void* context;
    int (*read)(void* context, uint64_t address, void* data, size_t bytes);
    int (*write)(void* context, uint64_t address, const void* data, size_t bytes);
} turnpike_nic_sim_memory;

/* As NicSimConfig; a 0 takes the default. */
typedef struct turnpike_nic_sim_config {
    const char* name;
    uint8_t mac[6]; /* all 0: 02:00:00:00:00:01 */
    uint64_t rate_mbps, link_up_us;
    unsigned pcie_generation, pcie_lanes, max_payload, max_read_request;
    uint64_t propagation_ns, rx_fifo_kib, tx_fifo_kib;
    unsigned read_completion_boundary, outstanding_reads;
    unsigned posted_header_credits, posted_data_credits, non_posted_header_credits;
    uint64_t link_latency_ns, root_complex_ns, llc_ns, dram_ns;
    int llc_miss; /* not 0: reads come from DRAM */
} turnpike_nic_sim_config;

typedef struct turnpike_nic_sim_counters {
    uint64_t tlps_to_host, bytes_to_host, tlps_to_device, bytes_to_device;
    uint64_t dma_reads, dma_read_bytes, dma_writes, dma_written_bytes, dma_errors, messages;
    uint64_t register_reads, register_writes, dropped_frames;
} turnpike_nic_sim_counters;

/* NULL: a value is out of its range; standard error says which. */
turnpike_nic_sim* turnpike_nic_sim_new(const turnpike_nic_sim_config* config, const turnpike_nic_sim_memory* memory);
void turnpike_nic_sim_delete(turnpike_nic_sim* sim);

uint32_t turnpike_nic_sim_mmio_read32(turnpike_nic_sim* sim, unsigned bar, uint64_t offset);
void turnpike_nic_sim_mmio_write32(turnpike_nic_sim* sim, unsigned bar, uint64_t offset, uint32_t value);
uint32_t turnpike_nic_sim_cfg_read32(turnpike_nic_sim* sim, uint64_t offset);
void turnpike_nic_sim_cfg_write32(turnpike_nic_sim* sim, uint64_t offset, uint32_t value);

uint64_t turnpike_nic_sim_now_ps(const turnpike_nic_sim* sim);
void turnpike_nic_sim_run_for(turnpike_nic_sim* sim, uint64_t ps);
int turnpike_nic_sim_run_until(turnpike_nic_sim* sim, int (*predicate)(void*), void* context, uint64_t max_ps);

void turnpike_nic_sim_on_intx(turnpike_nic_sim* sim, void (*handler)(void*, int level), void* context);
void turnpike_nic_sim_on_msi(turnpike_nic_sim* sim, void (*handler)(void*, uint64_t address, uint32_t data),
                             void* context);
void turnpike_nic_sim_on_wire_tx(turnpike_nic_sim* sim,
                                 void (*handler)(void*, const uint8_t* frame, size_t bytes, uint64_t ps),
                                 void* context);
/* Of the device, by the name that ethtool -S has for it; UINT64_MAX: there is none of that name. */
uint64_t turnpike_nic_sim_statistic(const turnpike_nic_sim* sim, const char* name);
/* Frames that met the fate of that name (regs/fates.def). */
uint64_t turnpike_nic_sim_drops(const turnpike_nic_sim* sim, const char* fate);
void turnpike_nic_sim_wire_rx_bad_fcs(turnpike_nic_sim* sim, const uint8_t* frame, size_t bytes, uint64_t at_ps);
void turnpike_nic_sim_wire_rx(turnpike_nic_sim* sim, const uint8_t* frame, size_t bytes, uint64_t at_ps);
void turnpike_nic_sim_get_counters(const turnpike_nic_sim* sim, turnpike_nic_sim_counters* counters);

#ifdef __cplusplus
}
#endif
