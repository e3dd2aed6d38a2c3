// SPDX-License-Identifier: Apache-2.0
// Guest programs of the core's tests. Loaded at 0x1000; data at 0x40000, IDT at 0x20000, device at 0xE0000000.
.section .rodata
#define PROGRAM(name) .balign 16; .globl guest_##name, guest_##name##_end; guest_##name:
#define END(name) guest_##name##_end:

// Sums 1..rdi into rax while interrupts count at 0x40000: the sum must not notice them. Handler at +0x100.
PROGRAM(counter)
    sti
    xor %eax, %eax
1:  add %rdi, %rax
    nop
    adc $0, %rax
    dec %rdi
    jnz 1b
    cli
    hlt
    .org guest_counter + 0x100
    pushq %rax
    movl $0x40000, %eax
    incq (%rax)
    popq %rax
    iretq
END(counter)

// Exceptions. Handlers (one per vector, 32 bytes each, from +0x200) store what they find at 0x40000 + 64 * vector.
PROGRAM(faults)
    movl $7, %eax
    xorl %edx, %edx
    xorl %ecx, %ecx
    div %ecx                    // #DE
    ud2                         // #UD
    movabsq $0x8000000000000000, %rbx
    movq (%rbx), %rax           // #GP(0)
    int3                        // #BP, a trap
    int $0x40
    hlt
    .org guest_faults + 0x200   // without error code: skips `r15b` bytes; counts at 0x40000
    movl $0x40000, %r14d
    incq (%r14)
    movq (%rsp), %r13
    movq %r13, 8(%r14)          // rip
    movq 16(%rsp), %r13
    movq %r13, 16(%r14)         // rflags
    addq $2, (%rsp)
    iretq
    .org guest_faults + 0x280   // with error code
    movl $0x40000, %r14d
    incq 24(%r14)
    movq (%rsp), %r13
    movq %r13, 32(%r14)         // error code
    movq 8(%rsp), %r13
    movq %r13, 40(%r14)         // rip
    addq $8, %rsp
    addq $3, (%rsp)
    iretq
    .org guest_faults + 0x300   // traps
    movl $0x40000, %r14d
    incq 48(%r14)
    movq (%rsp), %r13
    movq %r13, 56(%r14)
    iretq
END(faults)

// outer (+0x40) calls inner (+0x80) twice and tail-jumps to last (+0xC0); plain (+0x100) is no stage.
PROGRAM(stages)
    movl $5, %ebx
1:  call 2f
    call 5f
    dec %ebx
    jnz 1b
    hlt
    .org guest_stages + 0x40
2:  nop
    call 3f
    nop
    call 3f
    call 5f
    jmp 4f
    .org guest_stages + 0x80
3:  movl $10, %ecx
6:  dec %ecx
    jnz 6b
    ret
    .org guest_stages + 0xC0
4:  addl $1, %esi
    movq %rsi, 0x40000
    ret
    .org guest_stages + 0x100
5:  imul %rbx, %rdx
    ret
END(stages)

// A bit of everything, endless: arithmetic, stores, calls, string copies, device accesses, rdtsc, wait states.
PROGRAM(mixed)
    sti
    movl $0xE0000000, %r15d
    movl $0x40000, %r14d
    movl $1, %ebx
1:  imulq $0x5851F42D, %rbx, %rbx
    addq $0x14057B7E, %rbx
    movq %rbx, %rax
    shrq $33, %rax
    andl $0x1FF8, %eax
    movq %rbx, (%r14, %rax)
    xorq (%r14), %r8
    testb $7, %bh
    jnz 2f
    movl %ebx, (%r15)
    addl (%r15), %r9d
2:  testb $15, %bl
    jnz 3f
    leaq 0x10000(%r14), %rdi
    movq %r14, %rsi
    movl $300, %ecx
    rep movsb
3:  rdtsc
    addq %rax, %r10
    call 4f
    jmp 1b
4:  pushq %rbx
    crc32q %rbx, %r11
    popcntq %rbx, %rcx
    addq %rcx, %r12
    popq %rbx
    ret
    .org guest_mixed + 0x100
    incq %r13
    iretq
END(mixed)

// Reads rcx words, rsi bytes apart, from rdi on, rdx times over.
PROGRAM(stride)
1:  movq %rdi, %rax
    movq %rcx, %r8
2:  movq (%rax), %r9
    addq %rsi, %rax
    dec %r8
    jnz 2b
    dec %rdx
    jnz 1b
    hlt
END(stride)
.section .note.GNU-stack, "", @progbits
