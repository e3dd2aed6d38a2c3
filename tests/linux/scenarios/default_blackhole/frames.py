# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for number in range(3):
    send("eth0", udp(A, "192.0.2.1", sport=100 + number), at=0.010 + 0.1 * number)
send("eth0", udp(A, B))
