// SPDX-License-Identifier: Apache-2.0
#include "cli/run/configuration.h"

#include "cli/run/boot_messages.h"

namespace turnpike {

namespace {

constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

void Configuration::add(std::vector<SocMessage>& messages, const config::Message& message,
                        const config::Command* command) {
    messages.push_back({message.type, message.bytes});
    origin_.push_back(command);
}

void Configuration::boot(Soc& soc) {
    std::vector<SocMessage> messages;
    for (const config::Message& message : hardware_messages(scenario_)) add(messages, message, nullptr);
    for (const config::Command& command : scenario_.router.commands)
        for (const config::Message& message : command.messages) add(messages, message, &command);
    for (const config::Command& task : scenario_.local)
        for (const config::Message& message : task.messages) add(messages, message, &task);
    add(messages, start_message(scenario_), nullptr);
    try {
        soc.boot(messages);
    } catch (const FirmwareError&) {
        check(soc);
        throw;
    }
}

std::uint64_t Configuration::next_ps() const {
    const auto& changes = scenario_.router.changes;
    return next_change_ < changes.size() ? changes[next_change_].at_ns * kPsPerNs : kNever;
}

std::uint64_t Configuration::last_ps() const {
    const auto& changes = scenario_.router.changes;
    return changes.empty() ? 0 : changes.back().at_ns * kPsPerNs;
}

void Configuration::send_due(Soc& soc, std::uint64_t ps) {
    std::vector<SocMessage> messages;
    for (; next_ps() <= ps; ++next_change_) {
        const config::Command& command = scenario_.router.changes[next_change_];
        for (const config::Message& message : command.messages) add(messages, message, &command);
    }
    if (!messages.empty()) soc.send(messages);
}

void Configuration::check(const Soc& soc) const {
    const auto refusal = soc.refusal();
    if (!refusal || origin_[refusal->message] == nullptr) return;
    throw config::refused(*origin_[refusal->message], refusal->error);
}

}  // namespace turnpike
