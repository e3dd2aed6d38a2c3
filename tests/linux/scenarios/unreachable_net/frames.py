# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, "172.16.0.1"))
send("eth0", tcp(A, "172.16.0.1", tos=0x10))
send("eth0", echo(A, "172.16.0.1", ttl=1))  # the route is asked before the TTL
send("eth1", udp(B, "172.16.0.1"))
