# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for ttl in (255, 254, 128, 64, 3, 2, 1, 0):
    send("eth0", udp(A, B, ttl=ttl))
for ttl in (0, 1, 2):
    send("eth0", echo(A, "10.0.0.1", ttl=ttl))  # to the router itself any TTL will do
    send("eth1", tcp(B, A, ttl=ttl))
