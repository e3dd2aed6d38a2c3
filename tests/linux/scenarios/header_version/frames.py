# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for version in (0, 1, 3, 5, 6, 15):
    send("eth0", udp(A, B, version=version))
    send("eth0", echo(A, "10.0.0.1", version=version))
send("eth0", udp(A, B))
