// SPDX-License-Identifier: Apache-2.0
// Is an accelerator worth it? A router with many routes in each form of LPM and checksum: the table of
// docs/accelerators.md. Exit status 1 when the RTL takes more than four times the wall-clock time of its twin.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <stdexcept>

#include "bench/accelerators/many_routes.h"
#include "bench/accelerators/measure.h"
#include "bench/common/host.h"
#include "tests/run/program.h"

namespace turnpike::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kMostRtlCost = 4;
constexpr unsigned kLoneFrames = 1000, kLoneGapNs = 20'000;
constexpr const char* kBegin = "<!-- accelerators -->\n";
constexpr const char* kEnd = "<!-- end of accelerators -->";

struct Options {
    ManyRoutes routes;
    std::optional<fs::path> write, docs;
    unsigned runs = 3;
    std::size_t boot = 100'000;
    std::string profile = "zen5";
};

std::vector<Form> forms() {
    std::vector<Form> all;
    for (const char* checksum : {"software", "tlm", "rtl"}) {
        all.push_back({"software", "blocking", checksum});
        for (const char* lpm : {"tlm", "rtl"})
            for (const char* access : {"blocking", "lookaside"}) all.push_back({lpm, access, checksum});
    }
    return all;
}

struct Row {
    Form form;
    Measurement burst, lone;
};

std::string table_of(const std::vector<Row>& rows) {
    std::string text =
        "| LPM | asked by | checksum | packets/s, simulated | cycles a packet | cycles, each alone | frames/s, wall "
        "clock |\n|---|---|---|---|---|---|---|\n";
    for (const Row& row : rows) {
        text +=
            fmt::format("| {} | {} | {} | {:.0f} | {:.0f} | {:.0f} | {:.0f} |\n", row.form.lpm,
                        row.form.lpm == "software" ? "" : row.form.access, row.form.checksum, row.burst.simulated_pps,
                        row.burst.cycles_per_frame, row.lone.cycles_per_frame, row.burst.wall_frames_per_second);
    }
    return text;
}

/// The row that has the twin in place of the RTL.
const Row& twin_of(const Row& row, const std::vector<Row>& rows) {
    const auto twin = [](const std::string& mode) { return mode == "rtl" ? "tlm" : mode; };
    return *std::find_if(rows.begin(), rows.end(), [&](const Row& other) {
        return other.form.lpm == twin(row.form.lpm) && other.form.access == row.form.access &&
               other.form.checksum == twin(row.form.checksum);
    });
}

double most_rtl_cost(const std::vector<Row>& rows) {
    double most = 0;
    for (const Row& row : rows) {
        most = std::max(most, twin_of(row, rows).burst.wall_frames_per_second / row.burst.wall_frames_per_second);
    }
    return most;
}

void write_docs(const fs::path& file, const std::string& table) {
    std::string text = test::read_text(file);
    const std::size_t begin = text.find(kBegin), end = text.find(kEnd);
    if (begin == std::string::npos || end == std::string::npos) {
        throw std::runtime_error(fmt::format("{}: found no markers, expected {}", file.string(), kEnd));
    }
    const std::size_t from = begin + std::string_view(kBegin).size();
    test::write_text(file, text.replace(from, end - from, table));
}

/// Frames that come faster than one core forwards them, and frames each of which finds the router idle.
std::vector<Row> measure_all(const fs::path& folder, const Options& options) {
    const std::vector<lpm::Change> routes = choose_routes(options.routes);
    write_many_routes(folder / "burst", routes, options.routes);
    ManyRoutes lone = options.routes;
    lone.frames = kLoneFrames;
    lone.gap_ns = kLoneGapNs;
    write_many_routes(folder / "lone", routes, lone);
    std::vector<Row> rows;
    for (const Form& form : forms()) {
        rows.push_back({form, measure(folder / "burst", form, options.runs, options.profile),
                        measure(folder / "lone", form, 1, options.profile)});
        fmt::print(stderr, "{} {} {}\n", form.lpm, form.access, form.checksum);
    }
    return rows;
}

std::string boot_line(const fs::path& folder, const Options& options) {
    ManyRoutes what = options.routes;
    what.routes = options.boot;
    what.frames = 2;
    write_many_routes(folder, choose_routes(what), what);
    std::string text = fmt::format("Boot with {} routes until READY, wall clock:", what.routes);
    for (const char* mode : {"software", "tlm", "rtl"}) {
        const Measurement one = measure(folder, {mode, "blocking", "software"}, 1, options.profile);
        text += fmt::format(" {} {:.1f} s,", mode, one.boot_seconds);
    }
    text.back() = '.';
    return text + "\n";
}

int run(const Options& options) {
    if (options.write) {
        write_many_routes(*options.write, choose_routes(options.routes), options.routes);
        return 0;
    }
    test::TemporaryFolder folder;
    const std::vector<Row> rows = measure_all(folder.path(), options);
    const double cost = most_rtl_cost(rows);
    std::string text = fmt::format(
        "{} routes {}, {} frames of 64 bytes {} ns apart, one core ({}); wall clock of {}, best of {} runs.\n\n",
        options.routes.routes, options.routes.data.empty() ? "made up" : "of the table of 2014", options.routes.frames,
        options.routes.gap_ns, options.profile, machine_name(), options.runs);
    text += table_of(rows);
    text += fmt::format("\nThe RTL takes at most {:.2f} times the wall-clock time of the twin (aim: {:.0f}).\n", cost,
                        kMostRtlCost);
    if (options.boot != 0) text += boot_line(folder.path() / "boot", options);
    fmt::print("{}", text);
    if (options.docs) write_docs(*options.docs, text);
    return cost <= kMostRtlCost ? 0 : 1;
}

}  // namespace
}  // namespace turnpike::bench

int main(int argc, char** argv) {
    CLI::App app{"Each form of LPM and checksum in a router with many routes"};
    turnpike::bench::Options options;
    app.add_option("--routes", options.routes.routes, "routes");
    app.add_option("--frames", options.routes.frames, "frames of each run");
    app.add_option("--gap-ns", options.routes.gap_ns, "between two frames");
    app.add_option("--data", options.routes.data, "folder with ipasn_20140513.dat.gz: the routes are a sample of it");
    app.add_option("--seed", options.routes.seed, "of routes and addresses");
    app.add_option("--runs", options.runs, "runs of each form; the fastest counts")->check(CLI::PositiveNumber);
    app.add_option("--boot", options.boot, "routes of the boot that is timed, 0: none");
    app.add_option("--cpu", options.profile, "core profile");
    app.add_option("--write-scenario", options.write, "writes the scenario into this folder, and ends");
    app.add_option("--docs", options.docs, "writes the table between its markers in this file");
    CLI11_PARSE(app, argc, argv);
    try {
        return turnpike::bench::run(options);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_accelerators: {}\n", error.what());
        return 2;
    }
}
