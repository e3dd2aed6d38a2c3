# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for slots in (1, 2, 9):
    send("eth0", udp(A, B, options=record_route(slots)))
send("eth0", udp(A, B, options=record_route(3, ["192.0.2.1"])))
send("eth0", udp(A, B, options=record_route(2, ["192.0.2.1", "192.0.2.2"])))  # full
send("eth0", udp(A, B, options=NOP + record_route(3)))
send("eth1", udp(B, A, options=record_route(3)))
