// SPDX-License-Identifier: Apache-2.0
.section .text.start, "ax", @progbits
.global _start
.type _start, @function
_start:
    movl $0xFEE00020, %eax      // the local APIC's id
    movl (%rax), %edi
    shrl $24, %edi
    leal 1(%rdi), %eax
    shll $12, %eax
    leaq stacks(%rax), %rsp
    xorl %ebp, %ebp
    call core_main
.size _start, . - _start

.section .bss
.balign 4096
stacks:
.skip 4 * 4096

.section .note.GNU-stack, "", @progbits
