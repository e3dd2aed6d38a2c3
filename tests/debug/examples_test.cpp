// SPDX-License-Identifier: Apache-2.0
// The examples for debuggers do what their README says.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/debug/gdb_session.h"

namespace turnpike::test {
namespace {

using testing::HasSubstr;

const fs::path kTree = GDB_TREE;

std::string with(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at; (at = text.find(what)) != std::string::npos;) text.replace(at, what.size(), by);
    return text;
}

TEST(Examples, TheGdbCommandsStopAtAForwardedPacketAndShowIt) {
    if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
    TemporaryFolder folder;
    DebuggedProgram run(
        {"run", (kTree / "scenarios/first-packet").string(), "--quiet", "--out", folder.path().string()},
        folder.path());
    // The port is the test's own; the rest is the file as it is.
    const std::string port = run.port();
    const std::string commands = with(read_text(kTree / "examples/gdb/.gdbinit"), ":1234", ":" + port);
    EXPECT_THAT(commands, HasSubstr("127.0.0.1:" + port));
    const std::string said =
        run_gdb(run, TURNPIKE_FIRMWARE, commands + "\ndisconnect\ntp-connect\ntp-forward\ntp-where\ndelete\ncontinue\n",
                folder.path());
    EXPECT_THAT(said, HasSubstr("Breakpoint 1, fw::ip_forward"));
    EXPECT_THAT(said, HasSubstr("0x45"));
    EXPECT_THAT(said, HasSubstr("len = "));
    EXPECT_THAT(said, HasSubstr("since time zero"));
    EXPECT_THAT(said, HasSubstr("exited normally"));
    EXPECT_EQ(run.status(), 0);
}

// The lines of examples/exec/README.md in a project of one's own.
TEST(Examples, AProjectOfOnesOwnBuildsAProgramThatRuns) {
    if (std::system("cmake --version > /dev/null 2>&1 && ninja --version > /dev/null 2>&1") != 0)
        GTEST_SKIP() << "cmake and ninja are not installed";
    TemporaryFolder folder;
    const std::string readme = read_text(kTree / "examples/exec/README.md");
    const std::string first = "include(/path/to/turnpike/", last = "OPTIONS -O2)";
    const std::size_t begin = readme.find(first), end = readme.find(last);
    ASSERT_NE(begin, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const std::string lines =
        with(readme.substr(begin, end + last.size() - begin), "/path/to/turnpike", kTree.string());
    write_text(folder.path() / "CMakeLists.txt",
               "cmake_minimum_required(VERSION 3.20)\nproject(own C)\n" + lines + "\n");
    fs::copy_file(kTree / "examples/exec/hello.c", folder.path() / "hello.c");
    std::ostringstream commands;
    // Paths come out quoted.
    commands << "cd " << folder.path() << " && cmake -G Ninja -B build > log && cmake --build build >> log";
    ASSERT_EQ(std::system(commands.str().c_str()), 0) << read_text(folder.path() / "log");
    const Result ran = turnpike({"exec", (folder.path() / "build/hello.elf").string()});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("fibonacci(20) = 6765 in "));
}

/// The words of a command line without quotes.
std::vector<std::string> words_of(const std::string& text) {
    std::istringstream in(text);
    return {std::istream_iterator<std::string>(in), {}};
}

TEST(Examples, TheEditorsLaunchConfigurationStartsARunThatWaitsWhereItConnects) {
    if (!have_gdb()) GTEST_SKIP() << "gdb is not installed";
    const auto file = read_json(kTree / "examples/gdb/launch.json");
    ASSERT_EQ(file["configurations"].size(), 2u);  // of run and of exec
    for (const auto& configuration : file["configurations"]) {
        SCOPED_TRACE(configuration["name"].get<std::string>());
        EXPECT_EQ(configuration["type"], "cppdbg");
        EXPECT_EQ(configuration["MIMode"], "gdb");
        const std::string address = configuration["miDebuggerServerAddress"];
        const std::string text = with(configuration["debugServerArgs"], "${workspaceFolder}", kTree.string());
        std::vector<std::string> words = words_of(text);
        ASSERT_GE(words.size(), 4u);
        EXPECT_EQ(configuration["debugServerPath"], "${workspaceFolder}/build/turnpike");
        // --gdb and the port are the last two words; the test takes a free port instead.
        EXPECT_EQ(words[words.size() - 2], "--gdb");
        EXPECT_EQ(address, "127.0.0.1:" + words.back());
        words.resize(words.size() - 2);
        TemporaryFolder folder;
        if (words[0] == "run") words.insert(words.end(), {"--out", folder.path().string()});
        for (std::string& word : words)
            word = with(word, kTree.string() + "/build/hello.elf", GDB_PROGRAMS "/gdb_hello.elf");
        DebuggedProgram program(words, folder.path());
        EXPECT_FALSE(program.port().empty()) << program.messages();
        EXPECT_THAT(program.messages(), HasSubstr(configuration["serverStarted"].get<std::string>()));
        const fs::path elf = words[0] == "run" ? fs::path(TURNPIKE_FIRMWARE) : fs::path(GDB_PROGRAMS "/gdb_hello.elf");
        std::string commands;
        for (const auto& command : configuration["setupCommands"])
            commands += with(command["text"], "${workspaceFolder}", kTree.string()) + "\n";
        const std::string said = run_gdb(program, elf, commands + "continue\n", folder.path());
        EXPECT_THAT(said, HasSubstr("_start () at"));
        EXPECT_THAT(said, HasSubstr("exited normally"));
        EXPECT_EQ(program.status(), 0);
    }
}

}  // namespace
}  // namespace turnpike::test
