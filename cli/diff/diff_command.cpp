// SPDX-License-Identifier: Apache-2.0
#include "cli/diff/diff_command.h"

#include <memory>

#include "cli/diff/diff.h"

namespace turnpike {

void add_diff_command(CLI::App& app, const std::filesystem::path& machines, int& status) {
    CLI::App* command = app.add_subcommand("diff", "Compare Turnpike with a real Linux router (needs root)");
    auto options = std::make_shared<diff::DiffOptions>();
    options->machines = machines;
    command->add_option("DIR", options->scenario, "scenario folder")->required();
    command->add_option("--set", options->set, "key=value, over scenario.toml and the machine file")
        ->allow_extra_args(false);
    command->add_option("--firmware", options->firmware, "firmware ELF, in place of the shipped one");
    command->add_option("--out", options->out, "folder that keeps turnpike/ethN.pcap and linux/ethN.pcap");
    command->add_option("--expect", options->expect, "folder of recorded ethN.pcap, in place of a Linux router");
    command->add_option("--actual", options->actual, "folder of recorded ethN.pcap, in place of Turnpike");
    command->add_flag("--strict", options->strict,
                      "order across the flows of a port counts too, and ICMP quotes in full");
    command
        ->add_option("--icmp-quote", options->icmp_quote,
                     "auto, exact or min: over the scenario's [compare] icmp_quote")
        ->check(CLI::IsMember({"auto", "exact", "min"}));
    command
        ->add_flag("--counters{show}", options->counters,
                   "compare counters too: 'show' tells, 'strict' makes them count")
        ->check(CLI::IsMember({"show", "strict"}))
        ->expected(0, 1);
    command->add_flag("--record", options->record, "run the kernel alone; --out gets ethN.pcap and counters.json");
    command->callback([options, &status] { status = diff::run_diff(*options); });
}

}  // namespace turnpike
