// SPDX-License-Identifier: Apache-2.0
// Entry of a program on the core alone: 64-bit mode, interrupts off, memory identity-mapped, .bss already zero.
.section .text.start, "ax", @progbits
.global _start
.type _start, @function
_start:
    leaq stack_top(%rip), %rsp
    xorl %ebp, %ebp
    call main
    movl %eax, %edi
    call exit
.size _start, . - _start

.section .bss
.balign 4096
.skip 0x100000
stack_top:

.section .note.GNU-stack, "", @progbits
