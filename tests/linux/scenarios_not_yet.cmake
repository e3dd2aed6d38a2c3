# SPDX-License-Identifier: Apache-2.0
# Scenarios in which Turnpike does not yet do what the kernel does.
set(scenarios_not_yet)
