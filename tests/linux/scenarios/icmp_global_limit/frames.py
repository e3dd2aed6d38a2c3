# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"
for number in range(3):
    send("eth0", udp(A, R, sport=100 + number))
    send("eth0", udp(A, "10.0.1.2", ttl=1))
    send("eth0", echo(A, R, seq=number))
    send("eth0", udp(A, "172.16.0.1"))
    send("eth0", udp(A, "10.0.1.2", data=1300, df=True))
    send("eth0", icmp(A, R, 13, 0, bytes(4), 12))
    send("eth0", ip(A, "10.0.1.2", 20, options=bytes([7, 3, 9])))
