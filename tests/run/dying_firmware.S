// SPDX-License-Identifier: Apache-2.0
// Answers every configuration message with 0, says READY at the last one, then starts the other cores, which execute an
// undefined instruction without an interrupt table (regs/mailbox.def, regs/lapic.def).
.set MAILBOX, 0xD0030000
.set LAPIC, 0xFEE00000
.set START, 3                       // message type, regs/config.def

.section .text
.globl _start
_start:
    movl $0x0B0F, 0x8000            // ud2 at the start-up page
    movl $MAILBOX, %ebx
1:  movq 8(%rbx), %rax              // STATUS
    testl $1, %eax
    jz 1b
    movq 0x10(%rbx), %rcx           // TYPE
    movq $0, 0x20(%rbx)             // REPLY
    cmpl $START, %ecx
    jne 1b
    movq $1, 0x28(%rbx)             // READY
    movl $10000, %ecx
2:  pause
    decl %ecx
    jnz 2b
    movl $LAPIC, %ebp
    movl $0xC4500, 0x300(%rbp)      // INIT, all others
    movl $0xC4608, 0x300(%rbp)      // start-up, all others
3:  hlt
    jmp 3b
.section .note.GNU-stack, "", @progbits
