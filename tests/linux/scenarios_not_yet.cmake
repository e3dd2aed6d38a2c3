# SPDX-License-Identifier: Apache-2.0
# Scenarios in which Turnpike does not yet do what the kernel does.
set(scenarios_not_yet
    broadcast_address_as_source
    host_is_unreachable_for_the_router_itself
    redirect_is_obeyed_by_a_host
    redirect_is_refused
    secondary_address_promoted
    vlan_tagged_frames
)
