# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for destination in ("172.16.0.1", "172.16.1.1", "172.16.1.129", "172.16.1.130", "172.17.0.1", "192.0.2.1", "172.16.1.128"):
    send("eth0", udp(A, destination))
