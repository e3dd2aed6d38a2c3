// SPDX-License-Identifier: Apache-2.0
// Core profiles: every key can be set from the file, and a mistake names file, line, what was found and what was
// expected.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <set>

#include "config/machine.h"

namespace turnpike::config {
namespace {

namespace fs = std::filesystem;

class Profile : public testing::Test {
  protected:
    Profile() { fs::create_directories(folder_ / "cpu"); }
    ~Profile() override { fs::remove_all(folder_); }

    regs::CpuProfile load(const std::string& text) const {
        std::ofstream(folder_ / "cpu/own.toml", std::ios::binary) << text;
        regs::CpuProfile profile;
        load_cpu_profile(folder_, "own", profile);
        return profile;
    }
    /// The error's text without the folder's path, or "accepted".
    std::string error(const std::string& text) const {
        try {
            load(text);
        } catch (const Error& e) {
            const std::string what = e.what(), prefix = (folder_ / "cpu/").string();
            return what.starts_with(prefix) ? what.substr(prefix.size()) : what;
        }
        return "accepted";
    }

  private:
    const fs::path folder_ = fs::temp_directory_path() / ("tp-profile-" + std::to_string(getpid()));
};

constexpr char kPorts[] =
    "[[ports]]\nname = \"alu\"\nports = [0, 1]\n"
    "[[ports]]\nname = \"load\"\nports = [2]\n";

TEST_F(Profile, AnUnknownKeyOrTableNamesItsLine) {
    EXPECT_EQ(error("about = \"x\"\n[schedule]\ndispatch_widht = 4\n").substr(0, 62),
              "own.toml:3:1: found unknown key 'schedule.dispatch_widht', exp");
    EXPECT_EQ(error("[sched]\n").substr(0, 42), "own.toml:1:2: found unknown key 'sched', e");
    EXPECT_EQ(error("[memory.l3]\nkib = 1\n").find("own.toml:1:9: found unknown key 'memory.l3', expected "), 0u);
    EXPECT_EQ(error("[memory.dram]\nline = 1\n"),
              "own.toml:2:1: found unknown key 'memory.dram.line', expected line_16ths");
    EXPECT_EQ(error("[[form]]\nof = \"add\"\nlatancy = 2\n").substr(0, 50),
              "own.toml:3:1: found unknown key 'form.0.latancy', ");
}

TEST_F(Profile, AnUnknownMnemonicNamesItsLine) {
    EXPECT_EQ(error("[[form]]\nof = \"add sbu\"\n"),
              "own.toml:2:6: found instruction 'sbu', expected a mnemonic in lower case, as add or cmovz");
    EXPECT_EQ(error("[[form]]\nof = \"ADD\"\n").substr(0, 37), "own.toml:2:6: found instruction 'ADD'");
    EXPECT_EQ(error("[[form]]\nof = \"invalid\"\n").substr(0, 41), "own.toml:2:6: found instruction 'invalid'");
    EXPECT_EQ(error("[[form]]\nlatency = 2\n"), "own.toml:1:1: found [[form]] without mnemonics, expected the key of");
}

TEST_F(Profile, AnUnknownPortOrPortGroupNamesItsLine) {
    EXPECT_EQ(error(std::string(kPorts) + "[[form]]\nof = \"add\"\nuops = \"alu store\"\n"),
              "own.toml:9:8: found port group 'store', expected alu or load");
    EXPECT_EQ(error("[[form]]\nof = \"add\"\nuops = \"alu\"\n"),
              "own.toml:3:8: found port group 'alu', expected a [[ports]] with that name");
    EXPECT_EQ(error("[[ports]]\nname = \"alu\"\nports = [0, 16]\n"),
              "own.toml:3:13: found ports.0.ports = 16, expected a whole number from 0 to 15");
    EXPECT_EQ(error("[[ports]]\nname = \"alu\"\nports = []\n"),
              "own.toml:3:9: found no port, expected numbers of ports");
    EXPECT_EQ(error("[[ports]]\nname = \"alu\"\n"), "own.toml:1:1: found [[ports]], expected the keys name and ports");
    EXPECT_EQ(error(std::string(kPorts) + "[[ports]]\nname = \"alu\"\nports = [3]\n"),
              "own.toml:8:8: found a second port group 'alu', expected a name of its own");
    EXPECT_EQ(error(std::string("[schedule]\nmodel = \"scheduled\"\n") + kPorts),
              "own.toml:1:1: found no port group 'store_address', expected alu, load, store_address, store_data and "
              "branch in a scheduled profile");
}

TEST_F(Profile, AFormsOtherMistakesNameTheirLine) {
    const std::string head = "[[form]]\nof = \"add\"\n";
    EXPECT_EQ(error(head + "shape = \"rx\"\n").substr(0, 32), "own.toml:3:9: found shape 'rx', ");
    EXPECT_EQ(error(head + "bits = 12\n"), "own.toml:3:8: found bits = 12, expected 8, 16, 32, 64 or 0 for all");
    EXPECT_EQ(error(head + "latency = 256\n"),
              "own.toml:3:11: found form.0.latency = 256, expected a whole number from 0 to 255");
    EXPECT_EQ(error(head + "source = 1\n"), "own.toml:3:10: found form.0.source = 1, expected a text in quotes");
    EXPECT_EQ(error("form = 3\n"), "own.toml:1:8: found form = 3, expected tables [[form]]");
}

TEST_F(Profile, WhoTheCoreIsHasLimits) {
    EXPECT_EQ(error("[core]\nmaker = \"via\"\n"),
              "own.toml:2:9: found core.maker = 'via', expected turnpike, intel or amd");
    EXPECT_EQ(error("[cpuid]\nfamily = 271\n"),
              "own.toml:2:10: found cpuid.family = 271, expected a whole number from 0 to 270");
    EXPECT_EQ(error("[cpuid]\nmodel = 256\n"),
              "own.toml:2:9: found cpuid.model = 256, expected a whole number from 0 to 255");
    EXPECT_EQ(error("[cpuid]\nstepping = 16\n"),
              "own.toml:2:12: found cpuid.stepping = 16, expected a whole number from 0 to 15");
    const std::string name(47, 'x');
    EXPECT_EQ(load("[cpuid]\nbrand = \"" + name + "\"\n").cpuid.brand, name);
    EXPECT_EQ(error("[cpuid]\nbrand = \"" + name + "x\"\n"),
              "own.toml:2:9: found cpuid.brand = '" + name + "x', expected at most 47 characters");
}

TEST_F(Profile, ACacheThatCannotBeBuiltIsRefused) {
    EXPECT_EQ(error("[l1d]\nkib = 33\n"),
              "own.toml:2:7: found l1d of 33 KiB and 8 ways, expected a power of two of sets of 64-byte lines");
    EXPECT_EQ(error("[memory.l1d]\nkib = 50\nways = 12\n"),
              "own.toml:2:7: found memory.l1d of 50 KiB and 12 ways, expected whole sets of 64-byte lines");
    EXPECT_EQ(error("[memory.l2]\nways = 65536\nkib = 4096\n"),
              "own.toml:2:8: found 65536 ways with plru, expected at most 64");
    EXPECT_EQ(error("[memory.dtlb]\nsecond_ways = 3\n"),
              "own.toml:2:15: found memory.dtlb.second_entries = 4096 in 3 ways, expected whole sets");
    EXPECT_EQ(error("[memory.walk]\npage_kib = 5\n"),
              "own.toml:2:12: found memory.walk.page_kib = 5, expected a power of two");
}

TEST_F(Profile, ValuesThatContradictEachOtherAreRefused) {
    EXPECT_EQ(error("[memory.l2]\nlatency = 3\n"),
              "own.toml:2:11: found memory.l2.latency = 3, expected memory.l1d.latency = 4 at least");
    EXPECT_EQ(error("[memory.l2]\nlatency = 20\n[memory.llc]\nlatency = 19\n"),
              "own.toml:4:11: found memory.llc.latency = 19, expected memory.l2.latency = 20 at least");
    EXPECT_EQ(error("[branch]\nmin_history = 40\nmax_history = 30\n"),
              "own.toml:3:15: found branch.max_history = 30, expected branch.min_history = 40 at least");
    EXPECT_EQ(error("[branch]\nmax_history = 2000\n").find("own.toml:2:15: found branch.max_history = 2000, "), 0u);
    EXPECT_EQ(error("[branch]\nbtb_ways = 3\n"),
              "own.toml:2:12: found branch.btb_entries = 16384 in 3 ways, expected whole sets");
}

class ChangedCore : public testing::Test {
  protected:
    /// The error's text, or "accepted".
    std::string change(const std::vector<std::string>& overrides) {
        machine = {};
        profile = {};
        machine.cpu.profile = "zen5";
        try {
            load_core(TURNPIKE_MACHINES_DIR, overrides, machine, profile);
        } catch (const Error& e) {
            return e.what();
        }
        return "accepted";
    }
    regs::MachineParams machine;
    regs::CpuProfile profile;
};

TEST_F(ChangedCore, KeysOfTheMachineAndOfTheProfileAreSetAlike) {
    EXPECT_EQ(change({"memory.l2.kib=512", "profile.memory.l2.latency=17", "dram.latency_ns=111",
                      "memory.l1d.replacement=lru"}),
              "accepted");
    EXPECT_EQ(profile.name, "zen5");
    EXPECT_EQ(profile.memory.l2.kib, 512u);
    EXPECT_EQ(profile.memory.l2.latency, 17u);
    EXPECT_EQ(profile.memory.l1d.replacement, "lru");
    EXPECT_EQ(machine.dram.latency_ns, 111u);
    EXPECT_FALSE(profile.forms.empty());
    EXPECT_EQ(change({"cpu.profile=skylake"}), "accepted");
    EXPECT_EQ(profile.name, "skylake");
    EXPECT_EQ(profile.schedule.dispatch_width, 4u);
}

TEST_F(ChangedCore, AMistakeNamesItsAssignment) {
    EXPECT_EQ(change({"memory.l2.kb=512"}).find("--set memory.l2.kb=512: found unknown key 'profile.memory.l2.kb', "),
              0u);
    EXPECT_EQ(change({"memory.l2.kib=-1"}),
              "--set memory.l2.kib=-1: found profile.memory.l2.kib = -1, expected a whole number from 1 to 1048576");
    EXPECT_EQ(change({"dram.latency_ns=x"}).find("--set dram.latency_ns=x: found dram.latency_ns = 'x', expected "),
              0u);
    EXPECT_EQ(change({"l9.kib=1"}).find("--set l9.kib=1: found unknown key 'l9', expected "), 0u);
    EXPECT_EQ(change({"memory.l2.kib"}), "--set memory.l2.kib: found 'memory.l2.kib', expected KEY=VALUE");
    EXPECT_EQ(change({"memory.l2.kib=1000", "memory.l2.ways=12"}).find("--set memory.l2.kib=1000: found memory.l2 of "),
              0u);
    EXPECT_EQ(change({"cpu.profile=zen9"}).find("--set cpu.profile=zen9: found cpu.profile = 'zen9', expected one of "),
              0u);
}

/// A value other than the default: one that a file can hold and no check refuses.
std::string other(std::uint64_t value, const std::string& unit) {
    if (unit == "switch") return value == 0 ? "1" : "0";
    if (unit == "KiB" || unit == "" || unit == "entries") return std::to_string(value * 2);
    return std::to_string(value < 2 ? value + 1 : value - 1);
}

TEST_F(Profile, EveryKeyCanBeSetFromTheFile) {
    unsigned keys = 0;
    regs::CpuProfile defaults;
    regs::for_each_parameter(defaults, [&](const std::string& table, const std::string& key, auto& value,
                                           const std::string& unit, const std::string& choices, auto...) {
        if (key == "model" && table == "schedule") return;  // needs port groups: see above
        std::string text;
        if constexpr (std::is_same_v<std::remove_reference_t<decltype(value)>, std::string>) {
            const std::size_t bar = choices.find('|');
            const std::string first = choices.substr(0, bar);
            const std::string second = choices.substr(bar + 1, choices.find('|', bar + 1) - bar - 1);
            text = '"' + (value == first ? second : first) + '"';
        } else {
            text = other(value, key == "ddio" ? "switch" : unit);
        }
        std::string file = "[" + table + "]\n" + key + " = " + text + "\n";
        // An associativity and its size change together.
        if (key == "ways" && table != "memory.dtlb" && table != "memory.itlb")
            file += "kib = " + std::to_string(64 * std::stoul(text)) + "\n";
        if (key == "ways" && file.find("kib") == std::string::npos) file += "entries = " + text + "\n";
        regs::CpuProfile loaded;
        ASSERT_NO_THROW(loaded = load(file)) << file;
        regs::for_each_parameter(loaded, [&](const std::string& in, const std::string& name, auto& now, auto...) {
            if (in != table || name != key) return;
            std::ostringstream got;
            got << now;
            EXPECT_EQ(text[0] == '"' ? '"' + got.str() + '"' : got.str(), text) << file;
            ++keys;
        });
        const std::string wrong = "[" + table + "]\n" + key + " = -1\n";
        EXPECT_EQ(error(wrong).find("own.toml:2:"), 0u) << wrong;
        EXPECT_NE(error(wrong).find("found " + table + "." + key + " = -1, expected "), std::string::npos) << wrong;
    });
    EXPECT_GE(keys, 100u);
}

}  // namespace
}  // namespace turnpike::config
