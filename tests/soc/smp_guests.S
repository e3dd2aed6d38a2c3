// SPDX-License-Identifier: Apache-2.0
// Guest programs of several cores. Core 0 begins at the start, wakes all others (INIT, start-up with page 0x11), and
// all do the same work with their APIC id in edi. Results at 0x40000, a cache line each; done counts at 0x40F00.
.section .rodata
.set LAPIC, 0xFEE00000
.set RESULT, 0x40000
.set DONE, 0x40F00
.set LOCK, 0x41000

.macro PROGRAM name
    .balign 16
    .globl smp_\name, smp_\name\()_end
smp_\name:
    movl $LAPIC, %ebp
    movl $0xC4500, 0x300(%rbp)      // INIT, all others
    movl $0xC4611, 0x300(%rbp)      // start-up, all others
    jmp smp_\name + 0x1000
    .org smp_\name + 0x1000
    movl $LAPIC, %ebp
    movl 0x20(%rbp), %edi
    shrl $24, %edi
    movl %edi, %eax
    shll $12, %eax
    movl $0x80000, %esp
    subl %eax, %esp
.endm

.macro FINISH name
    lock incl DONE
9:  cli
    hlt
    jmp 9b
    .globl smp_\name\()_end
smp_\name\()_end:
.endm

.macro TAKE_LOCK
    movl $1, %eax
7:  xchgl %eax, LOCK
    testl %eax, %eax
    jz 8f
    pause
    jmp 7b
8:
.endm

// 1000 times each: a load, a pause and a store, which only the lock makes one.
.macro COUNT
    movq RESULT, %rax
    pause
    incq %rax
    movq %rax, RESULT
.endm

PROGRAM spin_lock
    movl $1000, %ecx
1:  TAKE_LOCK
    COUNT
    movl $0, LOCK
    decl %ecx
    jnz 1b
FINISH spin_lock

PROGRAM locked_release
    movl $1000, %ecx
1:  TAKE_LOCK
    COUNT
    xorl %eax, %eax
    xchgl %eax, LOCK
    decl %ecx
    jnz 1b
FINISH locked_release

// Cores 0 and 1 put 1 to 1000 into the queue, the others take 1000 each and add them up at RESULT + 64 * core.
// Tickets at LOCK (tail) and LOCK + 64 (head), slots of 8 bytes at 0x50000.
PROGRAM queue
    movl $1, %ecx
    xorl %ebx, %ebx
1:  movl $1, %eax
    cmpl $2, %edi
    jae 2f
    lock xaddq %rax, LOCK
    movq %rcx, 0x50000(,%rax,8)
    jmp 4f
2:  lock xaddq %rax, LOCK + 64
3:  movq 0x50000(,%rax,8), %rdx
    pause
    testq %rdx, %rdx
    jz 3b
    addq %rdx, %rbx
4:  incl %ecx
    cmpl $1000, %ecx
    jbe 1b
    shll $6, %edi
    movq %rbx, RESULT(%rdi)
FINISH queue

// Two cores hand a word to each other 500 times by plain stores.
PROGRAM ping_pong
    movl $500, %ecx
    movl %edi, %esi
    xorl $1, %esi
1:  pause
    cmpl %edi, RESULT
    jne 1b
    movl %esi, RESULT
    decl %ecx
    jnz 1b
FINISH ping_pong

// An interrupt goes round: each core's handler counts at RESULT + 64 * core and sends it on, until core 0 has had 100.
PROGRAM ring
    lidt 0x30000
    movl $0x1FF, 0xF0(%rbp)
    lock incl LOCK
    testl %edi, %edi
    jnz 2f
1:  pause
    cmpl $4, LOCK
    jne 1b
    movl $0x01000000, 0x310(%rbp)
    movl $0x4040, 0x300(%rbp)
2:  movl %edi, %ebx
    shll $6, %ebx
3:  sti
    hlt
    cli
    cmpq $100, RESULT(%rbx)
    jb 3b
FINISH ring

// The ring's handler, copied to 0x20000.
    .balign 16
    .globl smp_handler, smp_handler_end
smp_handler:
    pushq %rax
    incq RESULT(%rbx)
    testl %edi, %edi
    jnz 2f
    cmpq $100, RESULT               // the last: it came round
    jae 3f
2:  leal 1(%rdi), %eax
    andl $3, %eax
    shll $24, %eax
    movl %eax, 0x310(%rbp)
    movl $0x4040, 0x300(%rbp)
3:  movl $0, 0xB0(%rbp)
    popq %rax
    iretq
smp_handler_end:

// Core 0 wakes each other core 20 times by an NMI; those have interrupts off and sleep.
PROGRAM nmi
    lidt 0x30000
    movl %edi, %ebx
    shll $6, %ebx
    testl %edi, %edi
    jnz 4f
6:  pause
    cmpl $3, LOCK                   // all are ready
    jne 6b
    movl $20, %ecx
1:  movl $1, %esi                   // the core to be woken
2:  movl %esi, %eax
    shll $24, %eax
    movl %eax, 0x310(%rbp)
    movl $0x4400, 0x300(%rbp)       // NMI
    movl %esi, %eax
    shll $6, %eax
    movl $21, %edx
    subl %ecx, %edx
3:  pause
    cmpl %edx, RESULT(%rax)
    jb 3b
    incl %esi
    cmpl $4, %esi
    jb 2b
    decl %ecx
    jnz 1b
    jmp 5f
4:  lock incl LOCK
7:  cli
    hlt
    cmpl $20, RESULT(%rbx)
    jb 7b
5:
FINISH nmi

    .balign 16
    .globl smp_nmi_handler, smp_nmi_handler_end
smp_nmi_handler:
    incq RESULT(%rbx)
    iretq
smp_nmi_handler_end:

// All cores read a line 200 times in step; core 0 then writes it.
PROGRAM readers
    movl $200, %ecx
    xorl %esi, %esi
1:  movl RESULT + 192, %eax
    addl $4, %esi
    lock incl LOCK
2:  pause
    cmpl %esi, LOCK
    jl 2b
    testl %edi, %edi
    jnz 3f
    incl RESULT + 192
3:  lock incl LOCK + 64
4:  pause
    cmpl %esi, LOCK + 64
    jl 4b
    decl %ecx
    jnz 1b
FINISH readers
.section .note.GNU-stack, "", @progbits
