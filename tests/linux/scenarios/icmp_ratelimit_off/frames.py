# SPDX-License-Identifier: Apache-2.0
for number in range(20):
    send("eth0", udp("10.0.0.2", "10.0.0.1", sport=100 + number))
    send("eth0", echo("10.0.0.2", "10.0.0.1", seq=number))
    send("eth0", udp("10.0.0.2", "10.0.1.2", ttl=1))
