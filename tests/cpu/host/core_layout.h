// SPDX-License-Identifier: Apache-2.0
// What the modelled core has besides the sample: tables, stacks for exceptions and the code around. Also read by the
// assembler.
#pragma once

#define CORE_MEMORY_BYTES 0x200000
#define CORE_GDTR 0x8000
#define CORE_IDTR 0x8010
#define CORE_GDT 0x8100
#define CORE_TSS 0x8200
#define CORE_IDT 0x9000
#define CORE_INTERRUPT_STACK 0xB000
#define CORE_EXCEPTION_STACK 0xC000
#define CORE_ENTRY 0x10000
#define CORE_START 0x10100
#define CORE_EXIT 0x10300
#define CORE_TRAPS 0x10400
