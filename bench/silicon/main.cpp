// SPDX-License-Identifier: Apache-2.0
// bench_silicon: basic blocks, microbenchmarks and kernels on the processor of this machine, as tables that
// bench_accuracy and bench_kernels read. docs/accuracy.md says how.
#include <fmt/format.h>
#include <sched.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <functional>
#include <iostream>

#include "bench/silicon/kernels.h"
#include "bench/silicon/micro.h"
#include "bench/silicon/table.h"
#include "config/error.h"

namespace turnpike::silicon {
namespace {

struct Options {
    std::string file, out;
    Measuring measuring;
    bool time_stamps = false;
    unsigned runs = 5, repetitions = 60;
};

std::string processor() {
    std::ifstream in("/proc/cpuinfo");
    std::string name = "unknown processor", family, model;
    for (std::string line; std::getline(in, line) && !line.empty();) {
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos) continue;
        const std::string value = line.substr(colon + 2);
        if (line.starts_with("model name")) name = value;
        if (line.starts_with("cpu family")) family = value;
        if (line.starts_with("model\t")) model = value;
    }
    return fmt::format("{}, family {} model {}", name, family, model);
}

/// Standard output, or the file that the user named.
class Output {
  public:
    explicit Output(const std::string& file) {
        if (file.empty()) return;
        file_.open(file);
        if (!file_) throw config::Error(file, 0, 0, "found no place to write, expected a file that can be written");
    }
    void line(const std::string& text) { (file_.is_open() ? file_ : std::cout) << text << std::endl; }

  private:
    std::ofstream file_;
};

using Format = std::string (*)(const Row&, const Measured&);

int measure_rows(const std::vector<Row>& rows, const Options& options, const std::string& header, Format format) {
    Measuring measuring = options.measuring;
    measuring.want_counter = !options.time_stamps;
    BlockProcess process(measuring);
    fmt::print(stderr, "{}; clock: {}\n", processor(), process.clock());
    Output out(options.out);
    out.line(header);
    unsigned failed = 0;
    std::vector<double> stabilities;
    for (const Row& row : rows) {
        const Measured measured = process.measure(row.bytes);
        out.line(format(row, measured));
        if (measured.figure) stabilities.push_back(measured.figure->stability);
        if (!measured.figure) {
            ++failed;
            fmt::print(stderr, "{}: {}\n", row.hex, measured.failure);
        }
    }
    fmt::print(stderr, "{} measured, median stability {:.4f}; {} failed\n", stabilities.size(),
               stabilities.empty() ? 0.0 : quantile(stabilities, 0.5), failed);
    return stabilities.empty() && failed != 0 ? 1 : 0;
}

std::vector<Row> rows_of(const std::string& file) {
    std::ifstream in(file);
    if (!in) throw config::Error(file, 0, 0, config::found_expected("no such file", "lines with a field hex"));
    return read_rows(in, file);
}

int measure_kernels(const Options& options) {
    if (options.measuring.cpu) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(*options.measuring.cpu, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    fmt::print(stderr, "{}; clock: the time-stamp counter\n", processor());
    Output out(options.out);
    out.line(kernel_header());
    for (unsigned n = 0; n < kernels(); ++n) {
        out.line(kernel_line(measure_kernel(static_cast<int>(n), options.runs, options.repetitions)));
    }
    return 0;
}

void add_common(CLI::App* command, Options& options) {
    command->add_option("--out", options.out, "file to write, in place of standard output");
    command->add_option("--on-cpu", options.measuring.cpu, "processor to stay on")
        ->check(CLI::Range(0, CPU_SETSIZE - 1));
}

void add_block_options(CLI::App* command, Options& options) {
    add_common(command, options);
    command->add_option("--passes", options.measuring.passes, "passes of a block")
        ->check(CLI::Range(1U, kMostPasses))
        ->capture_default_str();
    command->add_option("--samples", options.measuring.samples, "samples in a pass")
        ->check(CLI::Range(2U, kMostSamples))
        ->capture_default_str();
    command->add_flag("--time-stamps", options.time_stamps, "the time-stamp counter even where a counter is allowed");
}

int run(int argc, char** argv) {
    CLI::App app{"Cycles of basic blocks, microbenchmarks and kernels on this machine's processor"};
    app.require_subcommand(1);
    Options options;
    int status = 0;
    CLI::App* blocks = app.add_subcommand("blocks", "Basic blocks of a table");
    blocks->add_option("FILE", options.file, "lines hex[,...], or a table with a column hex")->required();
    add_block_options(blocks, options);
    blocks->callback([&] { status = measure_rows(rows_of(options.file), options, block_header(), block_line); });
    CLI::App* micro = app.add_subcommand("micro", "Latency and throughput of instruction forms");
    micro->add_option("FILE", options.file,
                      "a table with columns name, kind, instances, hex, in place of the built-in");
    add_block_options(micro, options);
    micro->callback([&] {
        const auto rows = options.file.empty() ? microbenchmarks() : rows_of(options.file);
        status = measure_rows(rows, options, micro_header(), micro_line);
    });
    CLI::App* kernels = app.add_subcommand("kernels", "The kernels of tests/data/kernels");
    kernels->add_option("--runs", options.runs, "runs of a kernel; the median counts")->capture_default_str();
    kernels->add_option("--repetitions", options.repetitions, "timed calls in a run")->capture_default_str();
    add_common(kernels, options);
    kernels->callback([&] { status = measure_kernels(options); });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return status;
}

}  // namespace
}  // namespace turnpike::silicon

int main(int argc, char** argv) {
    try {
        return turnpike::silicon::run(argc, argv);
    } catch (const turnpike::config::Error& error) {
        fmt::print(stderr, "bench_silicon: {}\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_silicon: {}\n", error.what());
        return 1;
    }
}
