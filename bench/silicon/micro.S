// SPDX-License-Identifier: Apache-2.0
// Microbenchmarks: blocks of one instruction form each, found through a table (micro.h). Every name says the form; a
// chain is one instruction that depends on itself, the others are eight that do not depend on each other. RSI and RDI
// point at pages of their own, R15 is a plain operand.
    .intel_syntax noprefix

    .macro micro name:req, kind:req, instances:req
    .pushsection .rodata.micro_names, "a"
771: .asciz "\name"
    .popsection
    .pushsection .data.rel.ro.micro_table, "aw"
    .quad 771b, 772f, 773f
    .long \kind, \instances
    .popsection
772:
    .endm
    .macro done
773:
    .endm

    // \op register\tail on eight registers
    .macro eight op:req, tail:vararg
    .irp target, rax, rcx, rdx, rbx, rbp, r8, r9, r10
    \op \target\tail
    .endr
    .endm
    .macro eight_words op:req, tail:vararg
    .irp target, eax, ecx, edx, ebx, ebp, r8d, r9d, r10d
    \op \target\tail
    .endr
    .endm
    .macro eight_bytes op:req, tail:vararg
    .irp target, al, cl, dl, bl, bpl, r8b, r9b, r10b
    \op \target\tail
    .endr
    .endm
    .macro eight_slots op:req, tail:vararg
    .irp slot, 0, 8, 16, 24, 32, 40, 48, 56
    \op qword ptr [rsi+\slot]\tail
    .endr
    .endm

    .section .data.rel.ro.micro_table, "aw"
    .balign 8
    .globl turnpike_micro_begin
turnpike_micro_begin:

    // Not run from here: the copies of a block are.
    .section .rodata.micro_code, "a"

    .irp op, add, sub, and, or, xor, adc, sbb, imul
    micro "\op r64 r64", 0, 1
    \op rax, r15
    done
    micro "\op r64 r64", 1, 8
    eight \op, , r15
    done
    .endr
    .irp op, add, and, imul
    micro "\op r32 r32", 0, 1
    \op eax, r15d
    done
    micro "\op r32 r32", 1, 8
    eight_words \op, , r15d
    done
    .endr
    .irp op, cmp, test
    micro "\op r64 r64", 1, 8
    eight \op, , r15
    done
    .endr
    .irp op, inc, neg, not, bswap
    micro "\op r64", 0, 1
    \op rax
    done
    micro "\op r64", 1, 8
    eight \op
    done
    .endr
    .irp op, shl, sar, rol, rcr
    micro "\op r64 imm", 0, 1
    \op rax, 3
    done
    micro "\op r64 imm", 1, 8
    eight \op, , 3
    done
    .endr
    .irp op, shl, rol
    micro "\op r64 cl", 0, 1
    \op rax, cl
    done
    .endr
    micro "shld r64 r64 imm", 0, 1
    shld rax, r15, 5
    done
    .irp op, popcnt, lzcnt, tzcnt, bsf
    micro "\op r64 r64", 0, 1
    \op rax, rax
    done
    micro "\op r64 r64", 1, 8
    eight \op, , r15
    done
    .endr
    .irp op, cmove, cmovbe
    micro "\op r64 r64", 0, 1
    \op rax, r15
    done
    micro "\op r64 r64", 1, 8
    eight \op, , r15
    done
    .endr
    .irp op, sete, setbe
    micro "\op r8", 1, 8
    eight_bytes \op
    done
    .endr
    micro "mov r64 r64", 0, 2
    mov rax, rcx
    mov rcx, rax
    done
    micro "mov r64 r64", 1, 8
    eight mov, , r15
    done
    micro "mov r32 imm", 1, 8
    eight_words mov, , 5
    done
    micro "movzx r32 r8", 1, 8
    eight_words movzx, , r15b
    done
    micro "xor r32 same", 1, 8
    .irp target, eax, ecx, edx, ebx, ebp, r8d, r9d, r10d
    xor \target, \target
    .endr
    done
    micro "nop", 1, 8
    .rept 8
    nop
    .endr
    done
    micro "lea b+d", 0, 1
    lea rax, [rax+8]
    done
    micro "lea b+i+d", 0, 1
    lea rax, [rax+r14+8]
    done
    micro "lea b+i", 1, 8
    eight lea, , [r15+r14]
    done
    micro "lea b+i*8+d", 1, 8
    eight lea, , [r15+r14*8+64]
    done
    micro "mul r64", 0, 1
    mul r15
    done
    // ECX is 0x10001940: the quotient 0, then 0 again
    micro "div r32 quotient 0", 0, 3
    xor edx, edx
    div ecx
    or eax, edx
    done
    micro "div r64 quotient 0", 0, 3
    xor edx, edx
    div rcx
    or rax, rdx
    done

    // Loads. Every word that is loaded is 0x10020800 and some; less that, it is an address again.
    micro "mov r64 m64 to its address", 0, 1
    mov rax, [rax]
    done
    micro "mov r64 m64", 1, 8
    eight mov, , [rsi]
    done
    micro "add r64 m64", 1, 8
    eight add, , [rsi]
    done
    micro "mov m64 r64", 1, 8
    eight_slots mov, , r15
    done
    micro "add m64 r64", 1, 8
    eight_slots add, , r15
    done
    micro "mov m64 r64 + mov r64 m64", 0, 2
    mov [rsi], rax
    mov rax, [rsi]
    done
    micro "mov m64 r64 + mov r64 m64 other base", 0, 4
    mov [rsi], rax
    mov rdx, rsi
    mov rax, [rdx]
    add rax, r15
    done
    micro "add m64 imm", 0, 1
    add qword ptr [rsi], 1
    done
    micro "push r64 + pop r64", 0, 2
    push rax
    pop rax
    done
    micro "lock add m64 r64", 0, 1
    lock add [rsi], r15
    done
    micro "lock cmpxchg m64 r64", 0, 1
    lock cmpxchg [rsi], rcx
    done

    .section .data.rel.ro.micro_table, "aw"
    .globl turnpike_micro_end
turnpike_micro_end:
    .section .note.GNU-stack, "", @progbits
