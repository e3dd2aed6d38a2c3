// SPDX-License-Identifier: Apache-2.0
// Tasks of the native build: each on a stack of its own, one at a time. There is no privilege: what a program may touch
// is only looked at where the kernel copies.
#include "sw/hal/task.h"

#include <ucontext.h>

#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "sw/hal/native/test_machine.h"
#include "sw/hal/poison.h"
#include "sw/kernel/error.h"
#include "sw/kernel/sched.h"
#include "sw/kernel/syscall.h"
#include "sw/user/unistd.h"

namespace fw {

namespace {

constexpr std::size_t kStackBytes = 256 * 1024;

struct Fiber {
    ucontext_t context = {};
    std::vector<char> stack;
    std::vector<std::max_align_t> argument;
};

/// By where the kernel keeps the task's context.
Fiber& fiber(const hal::task_context& context) {
    static std::map<const hal::task_context*, Fiber> fibers;
    return fibers[&context];
}

}  // namespace

namespace hal {

void task_prepare(task_struct* task) {
    Fiber& own = fiber(task->context);
    hal::unpoison(own.stack.data(), own.stack.size());  // an ended task's frames were never left
    own.stack.assign(kStackBytes, 0);
    getcontext(&own.context);
    own.context.uc_stack.ss_sp = own.stack.data();
    own.context.uc_stack.ss_size = own.stack.size();
    own.context.uc_link = nullptr;
    makecontext(&own.context, task_begin, 0);
}

bool task_set_argument(task_struct* task, const void* argument, u64 bytes) {
    if (bytes > kStackBytes / 2) return false;
    Fiber& own = fiber(task->context);
    own.argument.resize(bytes / sizeof(std::max_align_t) + 1);
    if (bytes != 0) std::memcpy(own.argument.data(), argument, bytes);
    task->argument = own.argument.data();
    return true;
}

void switch_to(task_context& from, const task_context& to, const task_struct*) {
    swapcontext(&fiber(from).context, &fiber(to).context);
}

void enter_user(const task_struct* task) {
    task->entry(task->argument);
    user::exit(0);
}

bool user_range(const task_struct* task, u64 at, u64 bytes, bool write) {
    constexpr u64 kFirstPage = 4096;
    if (at < kFirstPage || at + bytes < at) return false;
    if (!write) return true;
    const std::vector<char>& stack = fiber(task->context).stack;
    const auto low = reinterpret_cast<u64>(stack.data());
    return at >= low && at + bytes <= low + stack.size();
}

}  // namespace hal

i64 user::syscall(u64 number, u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
    hal::irq_disable();
    const i64 answer = do_syscall(number, {a, b, c, d, e, f});
    hal::irq_enable();
    return answer;
}

void native::run_program(std::function<void()> program) {
    // Kept for as long as the process lives: the task may still be asleep when the test ends.
    static std::vector<std::unique_ptr<std::function<void()>>> programs;
    programs.push_back(std::make_unique<std::function<void()>>(std::move(program)));
    struct Body {
        const std::function<void()>* function;
    };
    const Body body{programs.back().get()};
    const auto entry = [](const void* argument) { (*static_cast<const Body*>(argument)->function)(); };
    task_struct* const task = user_task_create(entry, &body, sizeof body, "program", 0);
    if (!task) throw Panic("all tasks are taken");
    wake_up_process(task);
    schedule();
}

}  // namespace fw
