// SPDX-License-Identifier: Apache-2.0
// bench_path: what a forwarded packet of minimum size costs. By stage of the firmware in the whole machine, in software
// and with accelerators; and the software path from netif_receive_skb to dev_queue_xmit on the modelled core beside
// this machine's processor, the same object code.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "bench/common/host.h"
#include "bench/path/figure.h"

namespace turnpike::bench {
namespace {

int compare(const std::string& profile, unsigned runs) {
    const auto model = path_on_model(profile), host = path_on_host(runs);
    fmt::print(
        "\nfrom netif_receive_skb to dev_queue_xmit, software, cycles a packet; silicon: "
        "{}\n{:<10}{:>12}{:>12}{:>12}\n",
        machine_name(), "batch", profile, "silicon", "difference");
    bool equal = true;
    for (std::size_t n = 0; n < model.size(); ++n) {
        fmt::print("{:<10}{:>12.1f}{:>12.1f}{:>11.1f}%\n", model[n].packets, model[n].cycles, host[n].cycles,
                   100 * (model[n].cycles / host[n].cycles - 1));
        equal = equal && model[n].digest == host[n].digest;
    }
    if (!equal) fmt::print("DIGESTS DIFFER: the packets that came out are not the same\n");
    return equal ? 0 : 1;
}

int run(int argc, char** argv) {
    CLI::App app{"What a forwarded packet costs, by stage, and model against silicon"};
    std::string profile = "zen5";
    unsigned frames = 20'000, runs = 2'000;
    app.add_option("--cpu", profile, "core profile");
    app.add_option("--frames", frames, "frames that the whole machine forwards");
    app.add_option("--runs", runs, "runs of the path on this machine's processor, at least 64")
        ->check(CLI::Range(64U, 1'000'000U));
    CLI11_PARSE(app, argc, argv);
    if (frames != 0) fmt::print("{}", stage_tables(profile, frames));
    return compare(profile, runs);
}

}  // namespace
}  // namespace turnpike::bench

int main(int argc, char** argv) {
    try {
        return turnpike::bench::run(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench_path: {}\n", error.what());
        return 2;
    }
}
