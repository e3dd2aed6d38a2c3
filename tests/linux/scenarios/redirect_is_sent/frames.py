# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, "172.16.0.1"))
send("eth0", udp("10.0.0.4", "10.0.0.3"))            # the destination itself is a neighbour
send("eth0", echo("10.0.0.5", "172.16.0.1", ttl=9, tos=0x08))
send("eth0", icmp("10.0.0.6", "172.16.0.1", 3, 3, data=ip(B, A, 8)))  # no error about an error
