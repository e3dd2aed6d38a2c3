# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for number in range(4):
    send("eth0", udp(A, B, sport=100 + number))
send_arp("eth1", is_at(B, host(1, 2), "10.0.1.1", router(1)), dst=router(1), at=0.2)
send("eth0", udp(A, B, sport=200))
send("eth0", udp(A, "10.0.1.3"))                          # another neighbour, another question
send_arp("eth1", is_at("10.0.1.3", host(1, 3), "10.0.1.1", router(1)), dst=router(1), at=1.5, src=host(1, 3))
send("eth0", udp(A, "172.16.0.1"))                        # by way of the first: known already
