# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for kind in (1, 2, 7, 9, 10, 15, 16, 17, 18, 19, 30, 31, 37, 39, 40, 41, 42, 43, 44, 127, 255):
    send("eth0", icmp(A, R, kind, data=8))
for kind in (10, 17, 9):
    send("eth0", icmp(A, "224.0.0.1", kind, data=8), dst=multicast("224.0.0.1"))
send("eth0", echo(A, R))
