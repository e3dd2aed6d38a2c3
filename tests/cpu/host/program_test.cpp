// SPDX-License-Identifier: Apache-2.0
// What compilers make of C: the same machine code runs on the host and on the modelled core and must give the same sum.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>

#include "models/cpu/core.h"
#include "tests/cpu/host/program_writer.h"
#include "tests/cpu/host/sample.h"

namespace turnpike::host {
namespace {

constexpr u64 kLoad = 0x200000;  ///< the linker's address, the same on the host and on the core
constexpr u64 kLoadBytes = 0x100000;
constexpr u64 kMemoryBytes = 0x400000;
constexpr u64 kCaller = 0x1000;
constexpr u64 kSeed = 0x123456789ABCDEF;
constexpr u64 kMostCycles = 400'000'000;
constexpr unsigned kMostSeconds = 20;  ///< for the child on the host

class Nowhere : public cpu::Environment {
    bool bus_read(u64, void*, unsigned) override { return false; }
    bool bus_write(u64, const void*, unsigned) override { return false; }
    int acknowledge_interrupt() override { return -1; }
};

std::vector<u8> compile(const std::string& compiler, const std::string& level, const std::string& stem) {
    const std::string command =
        compiler + " -" + level +
        " -w -std=gnu11 -ffreestanding -fwrapv -fno-strict-aliasing -mgeneral-regs-only -fno-pic -no-pie -static"
        " -nostdlib -fcf-protection=none -fno-stack-protector -fno-asynchronous-unwind-tables -Wl,--build-id=none"
        " -Wl,--oformat=binary -Wl,-T," HOST_LINKER_SCRIPT " -o " +
        stem + ".bin " + stem + ".c -lgcc";
    if (std::system(command.c_str()) != 0) return {};
    std::ifstream file(stem + ".bin", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<u64> run_on_host(const std::vector<u8>& image) {
    void* const shared = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return std::nullopt;
    const pid_t child = fork();
    if (child == 0) {
        alarm(kMostSeconds);
        void* const at = reinterpret_cast<void*>(kLoad);
        if (mmap(at, kLoadBytes, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
                 -1, 0) != at) {
            _exit(1);
        }
        std::copy(image.begin(), image.end(), static_cast<u8*>(at));
        *static_cast<u64*>(shared) = reinterpret_cast<u64 (*)(u64)>(kLoad)(kSeed);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    const u64 sum = *static_cast<u64*>(shared);
    munmap(shared, 4096);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
    return sum;
}

std::optional<u64> run_on_core(const std::vector<u8>& image) {
    std::vector<u8> memory(kMemoryBytes);
    std::copy(image.begin(), image.end(), memory.begin() + kLoad);
    const u8 caller[] = {0xB8, 0x00, 0x00, 0x20, 0x00, 0xFF, 0xD0, 0xF4};  // mov eax, kLoad; call rax; hlt
    std::copy(std::begin(caller), std::end(caller), memory.begin() + kCaller);
    Nowhere nowhere;
    cpu::Core core(0, {}, 210, {memory.data(), memory.size()}, nowhere);
    core.set_functional(true);
    core.start(kCaller, kMemoryBytes - 64);
    core.set_reg(cpu::RDI, kSeed);
    if (core.run(kMostCycles) != cpu::Stop::halt) return std::nullopt;
    return core.reg(cpu::RAX);
}

class Compiled : public testing::TestWithParam<std::tuple<std::string, std::string>> {};

TEST_P(Compiled, ProgramsGiveTheSameSumAsOnTheHost) {
    const auto [compiler, level] = GetParam();
    if (std::string(compiler).find("NOTFOUND") != std::string::npos) GTEST_SKIP() << "no such compiler here";
    for (u64 seed = 1; seed <= 4; ++seed) {
        const std::string stem =
            testing::TempDir() + "turnpike_program_" + std::to_string(getpid()) + "_" + std::to_string(seed);
        std::ofstream(stem + ".c") << ProgramWriter(seed).write();
        const std::vector<u8> image = compile(compiler, level, stem);
        std::remove((stem + ".c").c_str());
        std::remove((stem + ".bin").c_str());
        ASSERT_FALSE(image.empty()) << compiler << " -" << level << ", seed " << seed;
        const std::optional<u64> expected = run_on_host(image);
        ASSERT_TRUE(expected) << "the host does not get through, seed " << seed;
        EXPECT_EQ(run_on_core(image), expected) << compiler << " -" << level << ", seed " << seed;
    }
}

INSTANTIATE_TEST_SUITE_P(Gcc, Compiled,
                         testing::Combine(testing::Values(HOST_GCC), testing::Values("O0", "O1", "O2", "O3")));
INSTANTIATE_TEST_SUITE_P(Clang, Compiled,
                         testing::Combine(testing::Values(HOST_CLANG), testing::Values("O0", "O1", "O2", "O3")));

}  // namespace
}  // namespace turnpike::host
