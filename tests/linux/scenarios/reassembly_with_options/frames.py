# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

send("eth0", fragments(echo(A, R, data=100, options=record_route(3)), 40, 80))
send("eth0", list(reversed(fragments(echo(A, R, data=100, options=NOP + record_route(2) + ROUTER_ALERT), 40, 80))))
send("eth0", fragments(udp(A, R, data=100, options=ROUTER_ALERT), 40))
