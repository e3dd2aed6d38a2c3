# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for number in range(8):
    send("eth0", udp(A, "172.16.0.1", sport=100 + number))
send("eth0", udp("10.0.0.3", "172.16.0.1"))  # another host has its own
send("eth0", udp(A, "172.16.0.1", sport=200), at=1.7)
send("eth0", udp(A, "172.16.0.1", sport=201))
send("eth0", udp(A, B, ttl=1))  # other errors are not limited by it
