# SPDX-License-Identifier: Apache-2.0
for number in range(2):
    send("eth0", echo("10.0.0.2", "10.0.0.1", seq=number), at=0.010 + 0.2 * number)
    send("eth0", echo("10.0.0.2", "10.0.0.10", seq=number))
    send("eth1", udp("10.0.1.2", "10.0.0.2"))
