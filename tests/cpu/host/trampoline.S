// SPDX-License-Identifier: Apache-2.0
// Into a sample with all registers, flags and segment bases of its own, and back. Everything is reached by absolute
// address, so that no register is needed.
#include "tests/cpu/host/layout.h"
#define CONTROL(offset) (HOST_CONTROL + (offset))
#define IN(n) CONTROL(HOST_IN_REGISTERS + 8 * (n))
#define OUT(n) CONTROL(HOST_OUT_REGISTERS + 8 * (n))

    .text
    .globl turnpike_host_run
    .type turnpike_host_run, @function
turnpike_host_run:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, CONTROL(HOST_SAVED_STACK)
    rdfsbase %rax
    mov %rax, CONTROL(HOST_SAVED_FS)
    rdgsbase %rax
    mov %rax, CONTROL(HOST_SAVED_GS)
    xor %eax, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %fs
    mov %eax, %gs
    mov CONTROL(HOST_FS_BASE), %rax
    wrfsbase %rax
    mov CONTROL(HOST_GS_BASE), %rax
    wrgsbase %rax
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
    jmp *CONTROL(HOST_ENTRY)

// The sample jumps here through HOST_EXIT.
    .globl turnpike_host_done
turnpike_host_done:
    mov %rax, OUT(0)
    mov %rcx, OUT(1)
    mov %rdx, OUT(2)
    mov %rbx, OUT(3)
    mov %rsp, OUT(4)
    mov %rbp, OUT(5)
    mov %rsi, OUT(6)
    mov %rdi, OUT(7)
    mov %r8, OUT(8)
    mov %r9, OUT(9)
    mov %r10, OUT(10)
    mov %r11, OUT(11)
    mov %r12, OUT(12)
    mov %r13, OUT(13)
    mov %r14, OUT(14)
    mov %r15, OUT(15)
    mov CONTROL(HOST_SAVED_STACK), %rsp
    pushfq
    popq CONTROL(HOST_OUT_FLAGS)

// A signal's handler comes back here, with everything already written down.
    .globl turnpike_host_leave
turnpike_host_leave:
    mov CONTROL(HOST_SAVED_STACK), %rsp
    pushq $0x202
    popfq
    mov CONTROL(HOST_SAVED_FS), %rax
    wrfsbase %rax
    mov CONTROL(HOST_SAVED_GS), %rax
    wrgsbase %rax
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    ret
    .size turnpike_host_run, . - turnpike_host_run
    .section .note.GNU-stack, "", @progbits
