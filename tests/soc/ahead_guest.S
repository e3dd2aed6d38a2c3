// SPDX-License-Identifier: Apache-2.0
// A core with two devices, one of which takes its time: stores, loads and pauses in an order that a generator of random
// numbers makes. What the devices answer and what another master counts in memory goes into a sum.
.section .rodata
.set FAST, 0x80000000
.set SLOW, 0x80010000
.set PROGRESS, 0x40000
.set SUM, 0x40008
.set TICKS, 0x40010
.set DONE, 0x40018
.set ROUNDS, 1500

    .globl ahead_guest, ahead_guest_end
ahead_guest:
    movl $FAST, %ebp
    movl $SLOW, %esi
    movl $1, %ebx
    movl $ROUNDS, %edi
    xorl %edx, %edx
1:  imull $1103515245, %ebx, %ebx
    addl $12345, %ebx
    movl %ebx, %ecx
    shrl $16, %ecx
    incl PROGRESS
    testl $1, %ecx
    jz 2f
    movl %edx, 0x10(%rbp)
    addl TICKS, %edx            // behind the store, in its block
    incl PROGRESS
2:  testl $6, %ecx
    jnz 3f
    movl %ecx, 0x20(%rsi)
    movl %edx, 0x24(%rsi)
    movl %edi, 0x30(%rbp)
3:  testl $0x18, %ecx
    jnz 4f
    addl 0x18(%rbp), %edx
    addl TICKS, %edx            // behind the load, in its block
    movl $SUM + 8, %esp
    pushq 0x18(%rbp)            // loads from a device and stores to SUM
4:  testl $0x60, %ecx
    jnz 5f
    addl 0x28(%rsi), %edx
    incl PROGRESS
5:  shrl $7, %ecx
    andl $63, %ecx
6:  decl %ecx
    jg 6b
    addl TICKS, %edx
    movl %edx, SUM
    decl %edi
    jnz 1b
    movl $1, DONE
7:  cli
    hlt
    jmp 7b
ahead_guest_end:

.section .note.GNU-stack, "", @progbits
