# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp("192.0.2.7", "172.16.0.1"))                             # not a neighbour of the better way
send("eth0", udp(A, "10.0.0.1", options=source_route(["172.16.0.1"])))
send("eth0", udp(A, "172.16.0.1", ttl=1))
send("eth1", udp(B, "172.17.0.1"))                                       # switched off there
send("eth0", udp(A, B))
