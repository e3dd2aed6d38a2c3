# SPDX-License-Identifier: Apache-2.0
for number in range(3):
    send("eth0", echo("10.0.0.2", "10.0.0.50", seq=number), at=0.010 + 0.1 * number)
    send("eth1", udp("10.0.1.2", "10.8.0.2"))
