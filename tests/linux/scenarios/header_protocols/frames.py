# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B))
send("eth0", udp(A, B, csum=0))
send("eth0", udp(A, B, csum=0x1234))  # the transport's checksum is nobody's business here
send("eth0", tcp(A, B, flags="SA", data=11))
send("eth0", echo(A, B))
for proto in (2, 4, 41, 47, 50, 51, 89, 103, 132, 253, 255, 0):
    send("eth0", ip(A, B, 24, proto))
send("eth0", ip(A, B))
send("eth1", udp(B, A, sport=2222, dport=1111))
