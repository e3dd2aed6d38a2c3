// SPDX-License-Identifier: Apache-2.0
// An interrupt on its way to local APICs: from the I/O APIC, a device's MSI, or another core (Intel SDM volume 3,
// 11.6.1 and 11.11).
#pragma once

namespace turnpike {

struct InterruptMessage {
    enum class Mode : unsigned {
        fixed = 0,
        lowest_priority = 1,
        smi = 2,
        nmi = 4,
        init = 5,
        startup = 6,
        external = 7
    };

    unsigned vector = 0;  ///< of a start-up message: the page where the core begins
    Mode mode = Mode::fixed;
    bool level = false;    ///< level-triggered: ends with a message to the I/O APIC
    bool logical = false;  ///< the destination is matched by the APICs' logical ids
    unsigned destination = 0;
};

/// An interrupt command of a core (11.6.1).
struct InterruptCommand {
    enum class Shorthand : unsigned { none, self, all, others };

    InterruptMessage message;
    Shorthand shorthand = Shorthand::none;
};

}  // namespace turnpike
