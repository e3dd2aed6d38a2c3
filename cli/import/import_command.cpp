// SPDX-License-Identifier: Apache-2.0
#include "cli/import/import_command.h"

#include <iostream>
#include <memory>

#include "cli/import/import.h"

namespace turnpike {

void add_import_command(CLI::App& app, int& status) {
    const auto options = std::make_shared<import::ImportOptions>();
    CLI::App* command = app.add_subcommand("import", "Make a scenario of a capture");
    command->add_option("CAPTURE", options->capture, "pcap or pcapng file of Ethernet frames")->required();
    command->add_option("--out", options->out, "scenario folder to write")->required();
    command->add_option("--max-gap-us", options->max_gap_us, "cut longer gaps in time to this (100000)");
    command->add_option("--ports", options->ports, "ports to split the hosts over (2)");
    command->add_option("--mtu", options->mtu, "of the ports; longer frames are excluded (1500)");
    command->add_flag("--force", options->force, "write into a folder that is not empty");
    command->callback([options, &status] {
        import::print_report(import::import_capture(*options), *options, std::cout);
        status = 0;
    });
}

}  // namespace turnpike
