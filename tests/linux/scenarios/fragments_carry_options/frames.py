# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, data=1200, options=ROUTER_ALERT))
send("eth0", udp(A, B, data=1200, options=record_route(3)))
send("eth0", udp(A, B, data=1200, options=NOP + record_route(3) + ROUTER_ALERT))
send("eth0", udp(A, B, data=1200, options=ROUTER_ALERT + record_route(8)))
send("eth0", udp(A, B, data=1200, options=bytes([0x99, 4, 1, 2, 0x19, 4, 3, 4])))  # unknown ones, copied and not
for piece in fragments(udp(A, B, data=1400, options=ROUTER_ALERT + record_route(2)), 800):
    send("eth0", piece)
