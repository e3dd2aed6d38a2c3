// SPDX-License-Identifier: Apache-2.0
// Entry point and the ways into the kernel: 64-bit mode, identity-mapped, interrupts off (docs/firmware.md).

.section .text
.global _start
.type _start, @function
_start:
    cli
    cld
    leaq boot_stack_top, %rsp
    xorl %ebp, %ebp
    call start_kernel
1:  hlt
    jmp 1b
.size _start, . - _start

// Where the other cores begin: copied to a page below 1 MiB, so it depends on nothing but absolute addresses. They come
// with interrupts off and no stack.
.global trampoline, trampoline_end
trampoline:
    cli
    cld
    movabsq $secondary_cpu, %rax
    jmp *%rax
trampoline_end:

.set LAPIC_ID, 0xFEE00020        // Intel SDM volume 3, table 11-1
.set CPU_STACK_BYTES, 0x8000
.set CPU_STACKS, 15              // for cores 1 to 15
.type secondary_cpu, @function
secondary_cpu:
    movl $LAPIC_ID, %eax
    movl (%rax), %edi
    shrl $24, %edi
    movl %edi, %eax
    imull $CPU_STACK_BYTES, %eax
    leaq cpu_stacks(%rax), %rsp  // the end of the core's own, since core 0 has none here
    xorl %ebp, %ebp
    call start_secondary
1:  hlt
    jmp 1b
.size secondary_cpu, . - secondary_cpu

.section .bss
.balign 64
cpu_stacks:
    .skip CPU_STACKS * CPU_STACK_BYTES

// One stub a vector, 16 bytes apart. The exceptions that push no error code get a 0, so that the frame is the same
// (Intel SDM volume 3, table 6-1). The eight bytes of an interrupt's missing error code hold the vector.
.section .text
.global vector_stubs
.balign 16
vector_stubs:
.set vector, 0
.rept 256
    .balign 16
    .if vector < 32
        .if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30
        .else
            pushq $0
        .endif
        pushq $vector
        jmp exception_entry
    .else
        pushq $vector
        jmp irq_entry
    .endif
    .set vector, vector + 1
.endr

// Frame on entry: vector, rip, cs, rflags, rsp, ss. do_IRQ keeps the callee-saved registers by the calling convention.
// One that came from an unprivileged program exchanges GS on the way in and out, and sees to waiting tasks.
.section .text.stage.entry, "ax", @progbits
.balign 64
.global irq_entry
.type irq_entry, @function
irq_entry:
    testb $3, 16(%rsp)           // the privilege level in cs
    jnz irq_entry_from_user
irq_entry_from_kernel:
    pushq %rax
    pushq %rcx
    pushq %rdx
    pushq %rsi
    pushq %rdi
    pushq %r8
    pushq %r9
    pushq %r10
    pushq %r11
    subq $8, %rsp                // a call wants the stack at a multiple of 16
    cld
    movl 80(%rsp), %edi
    call do_IRQ
    testb $3, 96(%rsp)
    jnz irq_exit_to_user
irq_restore_registers:
    addq $8, %rsp
    popq %r11
    popq %r10
    popq %r9
    popq %r8
    popq %rdi
    popq %rsi
    popq %rdx
    popq %rcx
    popq %rax
    addq $8, %rsp                // the vector
    testb $3, 8(%rsp)
    jnz irq_return_to_user
    iretq
irq_entry_from_user:
    swapgs
    jmp irq_entry_from_kernel
irq_exit_to_user:
    call prepare_exit_to_user
    jmp irq_restore_registers
irq_return_to_user:
    swapgs
    iretq
.size irq_entry, . - irq_entry

// Frame on entry: vector, error code, rip, cs, rflags, rsp, ss. Exceptions do not come back: the kernel's own end the
// simulation, those of programs end the task.
.section .text
.type exception_entry, @function
exception_entry:
    testb $3, 24(%rsp)
    jz 1f
    swapgs
1:  movq %rsp, %rdi
    andq $-16, %rsp
    cld
    call do_exception
1:  hlt
    jmp 1b
.size exception_entry, . - exception_entry

// load_code_segment(): the far return that makes CS the GDT's own code segment.
.global load_code_segment
.type load_code_segment, @function
load_code_segment:
    popq %rax
    movq %rsp, %rcx
    pushq $0x10
    pushq %rcx
    pushfq
    pushq $0x08
    pushq %rax
    iretq
.size load_code_segment, . - load_code_segment

.section .note.GNU-stack, "", @progbits
