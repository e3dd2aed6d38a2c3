// SPDX-License-Identifier: Apache-2.0
#include "bench/wild/run_guest.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>
#include <vector>

namespace turnpike::wild {
namespace {

namespace fs = std::filesystem;

constexpr unsigned kMostSeconds = 300;  ///< of processor time, for one run

std::string contents(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// Where the file's executable segments lie in it.
std::vector<std::pair<std::size_t, std::size_t>> code_of(const std::string& elf) {
    Elf64_Ehdr head;
    std::memcpy(&head, elf.data(), sizeof head);
    std::vector<std::pair<std::size_t, std::size_t>> out;
    for (unsigned n = 0; n < head.e_phnum; ++n) {
        Elf64_Phdr segment;
        std::memcpy(&segment, elf.data() + head.e_phoff + n * sizeof segment, sizeof segment);
        const bool code = segment.p_type == PT_LOAD && (segment.p_flags & PF_X) != 0;
        if (code && segment.p_filesz != 0) out.emplace_back(segment.p_offset, segment.p_filesz);
    }
    if (out.empty()) throw std::runtime_error("the firmware has no code");
    return out;
}

void spoil(const fs::path& from, const fs::path& to, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::string elf = contents(from);
    const auto code = code_of(elf);
    const std::uint64_t spoiled = std::uint64_t{1} << (random() % 11);
    for (std::uint64_t n = 0; n < spoiled; ++n) {
        const auto& [offset, bytes] = code[random() % code.size()];
        elf[offset + random() % bytes] = static_cast<char>(random());
    }
    std::ofstream(to, std::ios::binary) << elf;
}

[[noreturn]] void become(const RunPlan& plan, const fs::path& elf, const fs::path& log) {
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    const rlimit most{kMostSeconds, kMostSeconds};
    setrlimit(RLIMIT_CPU, &most);
    const std::string result = (plan.scratch / "out").string();
    execl(plan.turnpike.c_str(), "turnpike", "run", plan.scenario.c_str(), "--firmware", elf.c_str(), "--out",
          result.c_str(), "--quiet", nullptr);
    _exit(127);
}

}  // namespace

RunResult run_spoiled_firmware(const RunPlan& plan, std::uint64_t seed) {
    const fs::path elf = plan.scratch / "wild.elf";
    const fs::path log = plan.scratch / "log";
    spoil(plan.firmware, elf, seed);
    const pid_t child = fork();
    if (child == 0) become(plan, elf, log);
    int status = 0;
    waitpid(child, &status, 0);
    RunResult result;
    if (!WIFEXITED(status)) {
        result.complaint = fmt::format("turnpike run ended by signal {}", WTERMSIG(status));
    } else if (result.status = WEXITSTATUS(status); result.status > 2) {
        result.complaint = fmt::format("turnpike run ended with status {}: {}", result.status, contents(log));
    } else if (result.status != 0 && contents(log).find("turnpike: ") == std::string::npos) {
        result.complaint = "turnpike run failed without a word";
    }
    return result;
}

}  // namespace turnpike::wild
