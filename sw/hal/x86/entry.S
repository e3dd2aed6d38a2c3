// SPDX-License-Identifier: Apache-2.0
// Between tasks, and between a program and the kernel (Linux arch/x86/entry/entry_64.S).

#define GS_KERNEL_STACK 8   // struct CpuArea, sw/hal/x86/cpu_area.h
#define GS_USER_STACK 16
#define USER_DATA 0x1B      // sw/hal/x86/traps.cpp
#define USER_CODE 0x23
#define USER_FLAGS 0x202    // interrupts on; bit 1 is always set

.section .text

// __switch_to(task_context* from, const task_context* to): a stack pointer each, and on the stack what a function keeps.
.global __switch_to
.type __switch_to, @function
__switch_to:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq (%rsi), %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size __switch_to, . - __switch_to

// SYSCALL leaves the program's rip in rcx and its flags in r11; interrupts are off. All registers are kept but for these
// two and rax, which has the answer. Arguments: rdi, rsi, rdx, r10, r8, r9; number: rax.
.global syscall_entry
.type syscall_entry, @function
syscall_entry:
    swapgs
    movq %rsp, %gs:GS_USER_STACK
    movq %gs:GS_KERNEL_STACK, %rsp
    pushq %gs:GS_USER_STACK
    pushq %r11
    pushq %rcx
    pushq %rdi
    pushq %rsi
    pushq %rdx
    pushq %r8
    pushq %r9
    pushq %r10
    subq $8, %rsp                // a call wants the stack at a multiple of 16
    pushq %r9                    // the arguments as an array
    pushq %r8
    pushq %r10
    pushq %rdx
    pushq %rsi
    pushq %rdi
    movq %rax, %rdi
    movq %rsp, %rsi
    call do_syscall
    addq $56, %rsp
    popq %r10
    popq %r9
    popq %r8
    popq %rdx
    popq %rsi
    popq %rdi
    popq %rcx
    popq %r11
    popq %rsp
    swapgs
    sysretq
.size syscall_entry, . - syscall_entry

// return_to_user(rip, rsp, argument): a program's first instruction. No register tells it anything of the kernel's.
.global return_to_user
.type return_to_user, @function
return_to_user:
    cli
    pushq $USER_DATA
    pushq %rsi
    pushq $USER_FLAGS
    pushq $USER_CODE
    pushq %rdi
    movq %rdx, %rdi
    xorl %eax, %eax
    xorl %ebx, %ebx
    xorl %ecx, %ecx
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %ebp, %ebp
    xorl %r8d, %r8d
    xorl %r9d, %r9d
    xorl %r10d, %r10d
    xorl %r11d, %r11d
    xorl %r12d, %r12d
    xorl %r13d, %r13d
    xorl %r14d, %r14d
    xorl %r15d, %r15d
    swapgs
    iretq
.size return_to_user, . - return_to_user

.section .note.GNU-stack, "", @progbits
