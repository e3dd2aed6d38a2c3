// SPDX-License-Identifier: Apache-2.0
// The programs that a scenario's [[local]] sections begin. Each is a user task: it ends, or serves for ever.
#pragma once
#include "regs/config.h"
#include "sw/user/unistd.h"

namespace fw::user {

using Arguments = regs::config::LocalTask;

/// Entry of user_task_create: does what the LocalTask says.
void local_program(const void* arguments);

// Each answers the exit status.
int udp_server(const Arguments& arguments);  ///< echo and discard
int tcp_server(const Arguments& arguments);  ///< echo and discard
int ping(const Arguments& arguments);
int sender(const Arguments& arguments);

/// How a socket sends, as the LocalTask says (options.user.cpp).
void set_options(int fd, const Arguments& arguments);
/// Tells of the errors that wait in the socket's queue, a line each.
void report_errors(int fd);

/// Sleeps until a time since READY.
void sleep_until(u64 us);
u64 now_us();

}  // namespace fw::user
