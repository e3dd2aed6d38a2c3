// SPDX-License-Identifier: Apache-2.0
// The modelled core's counterpart of trampoline.S. It runs at CORE_ENTRY: tables and bases once, then it waits for an
// interrupt for each sample.
#include "tests/cpu/host/core_layout.h"
#include "tests/cpu/host/layout.h"
#define CONTROL(offset) (HOST_CONTROL + (offset))
#define IN(n) CONTROL(HOST_IN_REGISTERS + 8 * (n))

    .text
    .globl turnpike_core_entry, turnpike_core_entry_end
turnpike_core_entry:
    lgdt CORE_GDTR
    lidt CORE_IDTR
    mov $CORE_TASK_SELECTOR, %eax
    ltr %ax
    mov $0xC0000100, %ecx // IA32_FS_BASE
    mov CONTROL(HOST_FS_BASE), %eax
    mov CONTROL(HOST_FS_BASE) + 4, %edx
    wrmsr
    mov $0xC0000101, %ecx // IA32_GS_BASE
    mov CONTROL(HOST_GS_BASE), %eax
    mov CONTROL(HOST_GS_BASE) + 4, %edx
    wrmsr
    sti
    hlt

    .org CORE_START - CORE_ENTRY
    pushq CONTROL(HOST_IN_FLAGS)
    popfq
    mov IN(0), %rax
    mov IN(1), %rcx
    mov IN(2), %rdx
    mov IN(3), %rbx
    mov IN(4), %rsp
    mov IN(5), %rbp
    mov IN(6), %rsi
    mov IN(7), %rdi
    mov IN(8), %r8
    mov IN(9), %r9
    mov IN(10), %r10
    mov IN(11), %r11
    mov IN(12), %r12
    mov IN(13), %r13
    mov IN(14), %r14
    mov IN(15), %r15
    jmp *CONTROL(HOST_FIRST)

    .org CORE_EXIT - CORE_ENTRY
    hlt

    .org CORE_TRAPS - CORE_ENTRY
    .rept 32
    hlt
    .balign CORE_TRAP_BYTES, 0xF4
    .endr
turnpike_core_entry_end:
    .section .note.GNU-stack, "", @progbits
