// SPDX-License-Identifier: Apache-2.0
#include "bench/silicon/sandbox.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <cstddef>
#include <vector>

#include "bench/silicon/layout.h"

namespace turnpike::silicon {
namespace {

constexpr rlim_t kAddressSpace = rlim_t{16} << 30;

constexpr u32 kAllowed[] = {SYS_read,      SYS_write,        SYS_mmap, SYS_munmap,
                            SYS_setitimer, SYS_rt_sigreturn, SYS_exit, SYS_exit_group};

sock_filter load(std::size_t offset) { return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<u32>(offset)); }
sock_filter answer(u32 value) { return BPF_STMT(BPF_RET | BPF_K, value); }

/// The low word comes first (little endian).
std::vector<sock_filter> filter() {
    constexpr std::size_t kFrom = offsetof(seccomp_data, instruction_pointer);
    std::vector<sock_filter> code = {
        load(kFrom + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 4),
        load(kFrom),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, static_cast<u32>(kCode), 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, static_cast<u32>(kCode + kCodeBytes), 1, 0),
        answer(SECCOMP_RET_TRAP),
        load(offsetof(seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        answer(SECCOMP_RET_KILL_PROCESS),
        load(offsetof(seccomp_data, nr)),
    };
    for (const u32 number : kAllowed) {
        code.push_back(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1));
        code.push_back(answer(SECCOMP_RET_ALLOW));
    }
    code.push_back(answer(SECCOMP_RET_KILL_PROCESS));
    return code;
}

bool limit(__rlimit_resource_t resource, rlim_t most) {
    const rlimit both{most, most};
    return setrlimit(resource, &both) == 0;
}

}  // namespace

bool close_in() {
    std::vector<sock_filter> code = filter();
    const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_AS, kAddressSpace) &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace turnpike::silicon
