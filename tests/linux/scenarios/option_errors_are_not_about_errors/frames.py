# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

wrong = bytes([7, 1, 4, 0])
send("eth0", icmp(A, B, 3, 3, data=ip(B, A, 8), options=wrong))
send("eth0", ip(A, B, 24, UDP, offset=64, options=wrong))
send("eth0", udp(A, B, options=wrong), dst=BROADCAST)
send("eth0", udp("127.0.0.1", B, options=wrong))
send("eth0", echo(A, B, options=wrong))
