// SPDX-License-Identifier: Apache-2.0
#include "config/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <type_traits>
#include <vector>

#include "config/core_forms.h"
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
    {"cpu.window_ns", {1, 1'000'000}},
    {"cpu.quantum_ns", {1, 1'000'000'000}},
    {"dram.size_mib", {16, regs::map::DRAM_BYTES >> 20}},
    {"core.ddio", {0, 1}},
    {"schedule.dispatch_width", {1, 16}},
    {"schedule.retire_width", {1, 16}},
    {"schedule.reorder_window", {1, 1024}},
    {"schedule.line_bytes", {16, 64}},
    {"schedule.forward_stores", {1, 128}},
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
void load(const std::filesystem::path& file, std::string_view what, Owner& owner) {
    const TomlDocument document = TomlDocument::read(file, what);
    TomlTable root = document.root();
    std::string about;
    root.read("about", about);
    read_parameters(root, owner);
    root.finish();
}

constexpr std::uint64_t kLineBytes = 64;

template <typename Cache>
void check_cache(const Cache& cache, std::string_view name, const std::string& file) {
    const std::uint64_t bytes = cache.kib * 1024, line_set = cache.ways * kLineBytes;
    if (bytes % line_set != 0 || !std::has_single_bit(bytes / line_set)) {
        throw Error(file, 0, 0,
                    found_expected(fmt::format("{} of {} KiB and {} ways", name, cache.kib, cache.ways),
                                   "a power of two of sets of 64-byte lines"));
    }
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
    load(named_file(machines_dir, name, "machine"), "a machine file", machine);
}

void load_cpu_profile(const std::filesystem::path& machines_dir, const std::string& name, regs::CpuProfile& profile) {
    const std::filesystem::path folder = machines_dir / "cpu";
    std::error_code ignored;
    profile.name = name;
    if (name == "simple" && !std::filesystem::exists(folder / "simple.toml", ignored)) return;
    const std::filesystem::path file = named_file(folder, name, "core profile");
    load(file, "a core profile", profile);
    check_cpu_profile(profile, file.string());
}

void check_cpu_profile(const regs::CpuProfile& profile, const std::string& file) {
    check_cache(profile.l1i, "l1i", file);
    check_cache(profile.l1d, "l1d", file);
    check_cache(profile.l2, "l2", file);
    check_cache(profile.llc, "llc", file);
}

}  // namespace turnpike::config
