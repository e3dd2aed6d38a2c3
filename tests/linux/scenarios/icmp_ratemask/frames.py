# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"
for number in range(9):
    send("eth0", echo(A, R, seq=number))
for number in range(4):
    send("eth0", udp(A, R, sport=100 + number))
    send("eth0", udp(A, "10.0.1.2", ttl=1))
    send("eth0", udp("10.0.0.3", "10.0.1.2", ttl=1))
send("eth0", echo(A, R, seq=20), at=1.6)
send("eth0", udp(A, "10.0.1.2", ttl=1))
send("eth0", echo(A, R, seq=21))
