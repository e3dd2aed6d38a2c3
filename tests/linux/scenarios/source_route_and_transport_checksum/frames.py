# SPDX-License-Identifier: Apache-2.0
A, R, S = "10.0.0.2", "10.0.0.1", "10.0.1.1"
SUMMED_WITH_THE_OTHER = 16, 6  # where TCP and UDP have their checksum


def with_sum_of(packet, other):
    """The packet with the transport checksum of the packet `other`."""
    at = 4 * (packet[0] & 15) + SUMMED_WITH_THE_OTHER[packet[9] == UDP]
    there = 20 + SUMMED_WITH_THE_OTHER[packet[9] == UDP]
    return packet[:at] + other[there:there + 2] + packet[at + 2:]


for strict in (False, True):
    for hops, pointer in (((S,), 4), ((A, S), 8), ((S, R), 4), ((S,), 8)):
        route = source_route(hops, strict=strict, pointer=pointer)
        for make in (tcp, udp):
            packet = make(A, R, options=route)
            send("eth0", packet)
            send("eth0", with_sum_of(packet, make(A, S)))
