# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for data in (0, 1, 2, 55, 56, 57, 1471, 1472):
    send("eth0", echo(A, R, data=data, ident=data))
send("eth0", echo(A, R, df=True))
send("eth0", echo(A, R, code=1))
send("eth0", echo(A, R, csum=0))
send("eth0", echo(A, R, csum=0xffff))
send("eth0", ip(A, R, bytes([8, 0, 0xf7, 0xff]), ICMP))
send("eth0", ip(A, R, bytes([8]), ICMP))
send("eth0", echo(A, R, ident=0xffff, seq=0xffff))
send("eth0", echo(A, R, ttl=255, tos=0xfc))
send("eth0", echo("172.16.0.9", R))
send("eth0", echo("192.0.2.1", R))  # no way back
