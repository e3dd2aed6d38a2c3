// SPDX-License-Identifier: Apache-2.0
#include "config/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <type_traits>
#include <vector>

#include "config/core_forms.h"
#include "config/profile_check.h"
#include "regs/address_map.h"

namespace turnpike::config {
namespace {

struct Limits {
    std::uint64_t least;
    std::uint64_t most;
};

struct Limit {
    std::string_view key;  ///< "table.key" or a unit
    Limits limits;
};

// What can be built, by parameter or else by unit: rates and sizes are at least 1, since they divide. A second of
// latency, a terabit and a gigabyte of buffer are beyond anything sensible and well inside the arithmetic.
constexpr Limit kByKey[] = {
    {"cpu.cores", {1, regs::map::MAX_CORES}},
    {"nic.irq_cores", {1, regs::map::MAX_CORES}},
    {"nic.queues", {0, 16}},
    {"cpu.window_ns", {1, 1'000'000}},
    {"cpu.quantum_ns", {1, 1'000'000'000}},
    {"dram.size_mib", {16, regs::map::DRAM_BYTES >> 20}},
    {"core.ddio", {0, 1}},
    {"schedule.dispatch_width", {1, 16}},
    {"schedule.retire_width", {1, 16}},
    {"schedule.reorder_window", {1, 1023}},
    {"schedule.line_bytes", {16, 64}},
    {"schedule.forward_stores", {1, 128}},
    {"schedule.memo_states", {0, 1 << 20}},
    {"schedule.scheduler_entries", {1, 1024}},
    {"schedule.address_scheduler_entries", {1, 1024}},
    {"schedule.chain_later_replay", {1, 1024}},
    {"branch.table_log2", {4, 20}},
    {"branch.tag_bits", {4, 16}},
};
constexpr Limit kByUnit[] = {
    {"MHz", {1, 100'000}},
    {"MiB", {1, 1 << 20}},
    {"KiB", {1, 1 << 20}},
    {"Gbit/s", {1, 100'000}},
    {"Mbit/s", {1, 1'000'000}},
    {"ns", {0, 1'000'000'000}},
    {"cycles", {0, 1'000'000'000}},
    {"1/16 cycle", {0, 1 << 30}},
    {"", {1, 65'536}},
    {"1", {0, 4}},
    {"log2", {1, 20}},
    {"bits", {1, 16}},
    {"tables", {1, 16}},
    {"branches", {1, 2000}},
    {"entries", {1, 1 << 20}},
    {"lines", {0, 1024}},
    {"strides", {0, 1024}},
    {"walks", {1, 64}},
    {"switch", {0, 1}},
    {"followed", {0, 1024}},
    {"loads", {0, 1024}},
    {"times", {1, 255}},
    {"family", {0, 0xF + 0xFF}},  // SDM volume 2, CPUID leaf 1: base and extended family are added up
    {"model", {0, 0xFF}},
    {"stepping", {0, 0xF}},
};

Limits limits_of(const std::string& key, std::string_view unit) {
    for (const Limit& limit : kByKey) {
        if (limit.key == key) return limit.limits;
    }
    for (const Limit& limit : kByUnit) {
        if (limit.key == unit) return limit.limits;
    }
    return {0, ~0ULL >> 1};
}

/// The tables of one document, by dotted name ("accel.lpm" is a table in a table).
class Tables {
  public:
    explicit Tables(TomlTable& root) : root_(root) {}

    TomlTable& get(const std::string& dotted) {
        for (auto& [name, table] : tables_) {
            if (name == dotted) return table;
        }
        const std::size_t dot = dotted.rfind('.');
        TomlTable table =
            dot == std::string::npos ? root_.table(dotted) : get(dotted.substr(0, dot)).table(dotted.substr(dot + 1));
        tables_.emplace_back(dotted, std::move(table));
        return tables_.back().second;
    }
    void finish() const {
        for (const auto& [name, table] : tables_) table.finish();
    }

  private:
    TomlTable& root_;
    std::vector<std::pair<std::string, TomlTable>> tables_;
};

/// A text whose unit is "47 characters" may have no more.
void check_length(const std::optional<TomlValue>& value, const std::string& text, std::string_view unit) {
    std::size_t most = 0;
    std::from_chars(unit.data(), unit.data() + unit.size(), most);
    if (value && most != 0 && text.size() > most) value->fail(fmt::format("at most {}", unit));
}

template <typename Owner>
void read_all(TomlTable& root, Owner& owner) {
    Tables tables(root);
    regs::for_each_parameter(owner, [&](const char* at, const char* key, auto& member, const char* unit,
                                        const char* choices, const char*, const char*) {
        using Type = std::remove_reference_t<decltype(member)>;
        TomlTable& table = tables.get(at);
        const auto [least, most] = limits_of(fmt::format("{}.{}", at, key), unit);
        if constexpr (std::is_same_v<Type, std::uint64_t>) {
            table.read(key, member, least, most);
        } else if constexpr (std::is_same_v<Type, double>) {
            table.read(key, member, static_cast<double>(least), static_cast<double>(most));
        } else if (*choices != '\0') {
            table.read_choice(key, member, choices);
        } else {
            table.read(key, member);
            check_length(table.value(key), member, unit);
        }
    });
    tables.finish();
}

std::filesystem::path named_file(const std::filesystem::path& folder, const std::string& name, std::string_view kind) {
    if (const auto file = find_named(folder, name)) return *file;
    throw Error(folder.string(), 0, 0,
                found_expected(fmt::format("no {} {}", kind, in_quotes(name)), names_in(folder)));
}

template <typename Owner>
void load(TomlTable& root, Owner& owner) {
    std::string about;
    root.read("about", about);
    read_parameters(root, owner);
    root.finish();
}

/// "memory.l2.kib=512" means a core profile's key: no table of a machine has that name.
bool is_profile_key(const std::string& assignment) {
    const std::string table = assignment.substr(0, assignment.find_first_of(".="));
    bool found = false;
    regs::CpuProfile profile;
    regs::for_each_parameter(profile,
                             [&](std::string_view at, auto...) { found |= at.substr(0, at.find('.')) == table; });
    return found;
}

}  // namespace

std::string names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names.empty() ? "a TOML file there" : fmt::format("one of {}", fmt::join(names, ", "));
}

std::optional<std::filesystem::path> find_named(const std::filesystem::path& folder, const std::string& name) {
    if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos) return std::nullopt;
    std::filesystem::path file = folder / (name + ".toml");
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) return std::nullopt;
    return file;
}

void read_parameters(TomlTable& table, regs::MachineParams& machine) { read_all(table, machine); }
void read_parameters(TomlTable& table, regs::CpuProfile& profile) {
    read_all(table, profile);
    read_forms(table, profile);
}

void load_machine(const std::filesystem::path& machines_dir, const std::string& name, regs::MachineParams& machine) {
    const TomlDocument document = TomlDocument::read(named_file(machines_dir, name, "machine"), "a machine file");
    TomlTable root = document.root();
    load(root, machine);
}

void load_cpu_profile(const std::filesystem::path& machines_dir, const std::string& name, regs::CpuProfile& profile) {
    const std::filesystem::path folder = machines_dir / "cpu";
    std::error_code ignored;
    profile.name = name;
    if (name == "simple" && !std::filesystem::exists(folder / "simple.toml", ignored)) return;
    const std::filesystem::path file = named_file(folder, name, "core profile");
    const TomlDocument document = TomlDocument::read(file, "a core profile");
    TomlTable root = document.root();
    load(root, profile);
    check_cpu_profile(root, profile, file.string());
}

void check_named(const std::optional<TomlValue>& value, const std::filesystem::path& folder) {
    if (value && !find_named(folder, value->as_text())) value->fail(names_in(folder));
}

void read_core(TomlTable& root, const std::filesystem::path& machines_dir, regs::MachineParams& machine,
               regs::CpuProfile& profile) {
    read_parameters(root, machine);
    const auto name = root.table("cpu").value("profile");
    if (name && name->as_text() != "simple") check_named(name, machines_dir / "cpu");
    load_cpu_profile(machines_dir, machine.cpu.profile, profile);
    TomlTable changes = root.table("profile");
    read_parameters(changes, profile);
    changes.finish();
}

void override_with(TomlDocument& document, const std::vector<std::string>& assignments) {
    for (const std::string& assignment : assignments) {
        document.override_with(assignment, is_profile_key(assignment) ? "profile." : "");
    }
}

void load_core(const std::filesystem::path& machines_dir, const std::vector<std::string>& overrides,
               regs::MachineParams& machine, regs::CpuProfile& profile) {
    TomlDocument document = TomlDocument::parse("--set", "");
    override_with(document, overrides);
    TomlTable root = document.root();
    read_core(root, machines_dir, machine, profile);
    root.finish();
    TomlTable changes = root.table("profile");
    check_cpu_profile(changes, profile, "--set");
}

}  // namespace turnpike::config
