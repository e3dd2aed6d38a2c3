// SPDX-License-Identifier: Apache-2.0
// What the modelled core has besides the sample: tables, stacks for exceptions and the code around. Also read by the
// assembler.
#pragma once

#define CORE_MEMORY_BYTES 0x200000
#define CORE_GDTR 0x8000
#define CORE_IDTR 0x8010
#define CORE_CR2 0x8020
#define CORE_GDT 0x8100
#define CORE_TSS 0x8200
#define CORE_IDT 0x9000
#define CORE_INTERRUPT_STACK 0xB000
#define CORE_EXCEPTION_STACK 0xC000
#define CORE_ENTRY 0x10000
#define CORE_START 0x10100
#define CORE_EXIT 0x10300
#define CORE_TRAPS 0x10400
#define CORE_TRAP_BYTES 32

// With page tables: the kernel's half shows the physical memory from here on, as all of it does.
#define CORE_HIGH 0xFFFFFFFF80000000
#define CORE_BOOT_TABLE 0x20000
#define CORE_KERNEL_TABLE 0x21000
#define CORE_LOW_TABLE 0x22000
#define CORE_USER_TABLE 0x23000
#define CORE_USER_DIRECTORIES 0x24000
#define CORE_USER_DIRECTORY 0x25000
#define CORE_USER_PAGES 0x26000
// The last page of the lower half, which Linux takes for the kernel's, too: three tables.
#define CORE_LAST_TABLES 0x27000
#define CORE_TASK_SELECTOR 0x40
// A HLT among the sample's code: at privilege 3 it raises the exception that ends a sample.
#define CORE_USER_EXIT (HOST_CODE - 0x800)
