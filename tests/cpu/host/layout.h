// SPDX-License-Identifier: Apache-2.0
// Where a sample's code, data and stack lie: the same addresses in the host's process and in the modelled core's
// memory. Low numbers, since both reach them with 32-bit absolute addresses. Also read by the assembler.
#pragma once

#define HOST_CONTROL 0x110000
#define HOST_CODE 0x120000
#define HOST_CODE_BYTES 0x4000
#define HOST_DATA 0x130000
#define HOST_DATA_BYTES 0x1000
#define HOST_STACK 0x140000
#define HOST_STACK_BYTES 0x1000

// The page of the data again and again, with different rights, and pages that are not there between.
#define HOST_GUARD 0x150000
// Everything of the upper half belongs to the kernel.
#define HOST_KERNEL 0xFFFFFFFF81000000
// Segment selectors of programs, as Linux has them.
#define HOST_USER_CODE 0x33
#define HOST_USER_DATA 0x2B

// Offsets in the control page.
#define HOST_IN_REGISTERS 0x000
#define HOST_IN_FLAGS 0x080
#define HOST_ENTRY 0x088
#define HOST_EXIT 0x090
#define HOST_OUT_REGISTERS 0x100
#define HOST_OUT_FLAGS 0x180
#define HOST_SAVED_STACK 0x200
#define HOST_SAVED_FS 0x208
#define HOST_SAVED_GS 0x210
#define HOST_FS_BASE 0x218
#define HOST_GS_BASE 0x220
// For the modelled core at privilege 3: what IRETQ takes.
#define HOST_FRAME 0x280
// Where the modelled core goes first at privilege 0.
#define HOST_FIRST 0x2A8
