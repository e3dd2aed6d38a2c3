# SPDX-License-Identifier: Apache-2.0
for number in range(3):
    at = 0.010 + 0.6 * number
    send("eth0", udp("10.0.0.2", "10.0.1.2", sport=100 + number), at=at)
    send("eth0", udp("10.0.0.2", "172.16.0.1", sport=100 + number), at=at + 0.001)
    send("eth0", echo("10.0.0.2", "10.0.1.1", seq=number), at=at + 0.002)
