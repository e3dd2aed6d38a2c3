# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for data in (552, 553, 700, 1472):
    send("eth0", udp(A, B, data=data, df=True))
send("eth0", tcp(A, B, flags="A", data=1000, df=True))
send("eth0", echo(A, B, data=1000, df=True))
send("eth0", udp(A, B, data=1000, df=True, tos=0x28))
send("eth0", icmp(A, B, 3, 3, data=ip(B, A, 600), df=True))  # no error about an error
send("eth0", udp(A, B, data=1000, df=True, ttl=1))
