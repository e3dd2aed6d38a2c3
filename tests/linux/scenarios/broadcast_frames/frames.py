# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B), dst=BROADCAST)
send("eth0", udp(A, B, ttl=1), dst=BROADCAST)
send("eth0", udp(A, "10.0.0.1"), dst=BROADCAST)
send("eth0", tcp(A, "10.0.0.1"), dst=BROADCAST)
send("eth0", ip(A, "10.0.0.1", 20, 253), dst=BROADCAST)
send("eth0", udp(A, "172.16.0.1"), dst=BROADCAST)
send("eth0", echo(A, "10.0.0.1"), dst=BROADCAST)
send("eth0", echo(A, "10.0.1.1"), dst=BROADCAST)
