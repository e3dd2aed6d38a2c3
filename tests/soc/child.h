// SPDX-License-Identifier: Apache-2.0
// A SystemC kernel cannot be run twice: a test that compares runs has each in a process of its own, which sends what
// came out back through a pipe.
#pragma once
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <stdexcept>
#include <type_traits>

namespace turnpike::test {

template <class Run>
auto in_child(Run run) {
    using Outcome = decltype(run());
    static_assert(std::is_trivially_copyable_v<Outcome>);
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no child process");
    if (child == 0) {
        const Outcome outcome = run();
        const auto* bytes = reinterpret_cast<const std::byte*>(&outcome);
        std::size_t sent = 0;
        for (ssize_t n = 1; n > 0 && sent < sizeof outcome; sent += static_cast<std::size_t>(n > 0 ? n : 0))
            n = write(ends[1], bytes + sent, sizeof outcome - sent);
        _exit(sent == sizeof outcome ? 0 : 1);
    }
    close(ends[1]);
    Outcome outcome;
    auto* bytes = reinterpret_cast<std::byte*>(&outcome);
    std::size_t got = 0;
    for (ssize_t n = 1; n > 0 && got < sizeof outcome; got += static_cast<std::size_t>(n > 0 ? n : 0))
        n = read(ends[0], bytes + got, sizeof outcome - got);
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    if (got != sizeof outcome || status != 0) throw std::runtime_error("the run did not end well");
    return outcome;
}

}  // namespace turnpike::test
