# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for number in range(3):
    send("eth0", udp(A, B, sport=100 + number))
send("eth0", tcp("10.0.0.3", B))
send("eth0", icmp(A, B, 3, 3, data=ip(B, A, 8)))  # no error about an error
send("eth0", udp(A, "10.0.1.3"), at=1.5)
send("eth0", udp(A, B, sport=200), at=3.5)        # a new round of questions
