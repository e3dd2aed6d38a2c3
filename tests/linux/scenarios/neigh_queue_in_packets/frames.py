# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"
for number in range(9):
    send("eth0", udp(A, B, sport=100 + number))
send_arp("eth1", is_at(B, host(1, 2), "10.0.1.1", router(1)), dst=router(1), at=0.3)
for number in range(4):
    send("eth0", udp(A, "10.0.1.3", sport=200 + number, data=1000))
send_arp("eth1", is_at("10.0.1.3", host(1, 3), "10.0.1.1", router(1)), dst=router(1), at=0.6, src=host(1, 3))
