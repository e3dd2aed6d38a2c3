# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, ttl=1, options=record_route(3)))
send("eth0", udp(A, "172.16.0.1", options=NOP * 4))
send("eth0", udp(A, "10.0.0.1", options=ROUTER_ALERT))
send("eth0", udp(A, B, df=True, data=1000, options=ROUTER_ALERT))
