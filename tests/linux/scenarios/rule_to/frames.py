# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for destination in ("192.0.2.1", "198.51.100.1", "198.51.100.200", "203.0.113.1"):
    send("eth0", udp(A, destination))
send("eth0", udp("10.0.0.3", "203.0.113.1"))  # from and to together
