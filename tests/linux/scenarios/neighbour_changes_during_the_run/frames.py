# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for number in range(4):
    send("eth0", udp(A, B, sport=100 + number), at=0.010 + 0.1 * number)
