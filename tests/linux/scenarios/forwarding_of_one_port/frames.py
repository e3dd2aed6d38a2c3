# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B))
send("eth1", udp(B, A))
send("eth0", udp(A, "172.16.0.1"))
send("eth1", udp(B, "172.16.0.1"))
send("eth0", echo(A, "10.0.1.1"))
