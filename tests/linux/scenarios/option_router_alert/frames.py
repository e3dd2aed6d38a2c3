# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", udp(A, B, options=ROUTER_ALERT))
send("eth0", udp(A, B, options=bytes([148, 4, 0, 1])))
send("eth0", udp(A, B, options=ROUTER_ALERT, ttl=1))
send("eth0", echo(A, R, options=ROUTER_ALERT))
send("eth0", igmp(A, B, 0x16, group="239.1.1.1", options=ROUTER_ALERT))
