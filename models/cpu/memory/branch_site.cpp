// SPDX-License-Identifier: Apache-2.0
#include "models/cpu/memory/branch_site.h"

#include <Zydis/Zydis.h>

namespace turnpike::cpu {

BranchSite find_branch(const BlockTemplate& block) {
    BranchSite site;
    if (block.ops.empty()) return site;
    const Op& last = block.ops.back();
    const bool indirect = last.cls == OpClass::indirect;
    if (!indirect && last.cls != OpClass::branch) return site;
    site.there = true;
    site.pc = block.address + last.offset;
    site.fallthrough = site.pc + last.length;
    switch (last.mnemonic) {
        case ZYDIS_MNEMONIC_CALL:
            site.kind = indirect ? BranchKind::indirect_call : BranchKind::call;
            break;
        case ZYDIS_MNEMONIC_RET:
            site.kind = BranchKind::ret;
            break;
        case ZYDIS_MNEMONIC_JMP:
            site.kind = indirect ? BranchKind::indirect : BranchKind::direct;
            break;
        default:
            site.kind = BranchKind::conditional;
            break;
    }
    return site;
}

}  // namespace turnpike::cpu
