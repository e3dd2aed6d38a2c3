// SPDX-License-Identifier: Apache-2.0
// The same at privilege 3 and with page tables: it runs at CORE_HIGH + CORE_ENTRY.
#include "tests/cpu/host/core_layout.h"
#include "tests/cpu/host/layout.h"
#define CONTROL(offset) (HOST_CONTROL + (offset))
#define IN(n) CONTROL(HOST_IN_REGISTERS + 8 * (n))

    .text
    .globl turnpike_core_user_entry, turnpike_core_user_entry_end
turnpike_core_user_entry:
    mov $CORE_BOOT_TABLE, %eax
    mov %rax, %cr3
    mov $(CORE_HIGH + CORE_ENTRY + high - turnpike_core_user_entry), %rax
    jmp *%rax
high:
    mov $0xC0000080, %ecx // IA32_EFER: SCE, LME, LMA, NXE, as systems have it
    mov $0xD01, %eax
    xor %edx, %edx
    wrmsr
    mov $0x10020, %eax // CR4: PAE, FSGSBASE
    mov %rax, %cr4
    lgdt CORE_HIGH + CORE_GDTR
    lidt CORE_HIGH + CORE_IDTR
    mov $CORE_TASK_SELECTOR, %eax
    ltr %ax
    mov $CORE_USER_TABLE, %eax
    mov %rax, %cr3
    sti
    hlt

    .org CORE_START - CORE_ENTRY
    xor %eax, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %fs
    mov %eax, %gs
    mov CONTROL(HOST_FS_BASE), %rax
    wrfsbase %rax
    mov CONTROL(HOST_GS_BASE), %rax
    wrgsbase %rax
    mov IN(0), %rax
    mov IN(1), %rcx
    mov IN(2), %rdx
    mov IN(3), %rbx
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
    mov $CONTROL(HOST_FRAME), %esp
    iretq

    .org CORE_TRAPS - CORE_ENTRY
    .rept 32
    push %rax
    mov %cr2, %rax
    mov %rax, CORE_HIGH + CORE_CR2
    pop %rax
    hlt
    .balign CORE_TRAP_BYTES, 0xF4
    .endr
turnpike_core_user_entry_end:
    .section .note.GNU-stack, "", @progbits
