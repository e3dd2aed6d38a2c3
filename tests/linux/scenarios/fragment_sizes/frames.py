# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for data in range(584, 604):
    send("eth0", udp(A, B, data=data))
for data in (1160, 1168, 1169, 1472):
    send("eth0", udp(A, B, data=data))
    send("eth0", ip(A, B, data, 253))
