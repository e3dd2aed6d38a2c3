# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for data in (0, 1, 8, 100, 519, 520, 521, 1472):
    send("eth0", udp(A, B, data=data, ttl=1))
send("eth0", ip(A, B, 0, 253, ttl=1))
send("eth0", ip(A, B, 7, 253, ttl=1))
send("eth0", udp(A, B, data=600, ttl=1, options=NOP * 40))
