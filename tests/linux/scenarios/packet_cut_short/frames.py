# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

whole = udp(A, B, data=100)
for length in (46, 47, 60, 100, 127):
    send("eth0", whole[:length])
    send("eth0", echo(A, "10.0.0.1", data=100)[:length])
send("eth0", whole)
for length in (0, 1, 19, 20):
    send("eth0", echo(A, "10.0.0.1", data=0)[:length] + bytes(46 - length))  # the MAC's zeros where a header should be
