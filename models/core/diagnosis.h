// SPDX-License-Identifier: Apache-2.0
// Diagnoses of a guest's mistakes: what the firmware did wrong, told once, counted, never fatal to the simulator.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

namespace turnpike {

/// Tells a diagnosis, with the simulated time, to the handler (standard error where none is set).
void diagnose(const std::string& text);
void set_diagnosis_handler(std::function<void(const std::string&)> handler);
/// Diagnoses since the start of the program.
std::uint64_t diagnosis_count();

}  // namespace turnpike
