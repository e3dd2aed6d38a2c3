# SPDX-License-Identifier: Apache-2.0
for number in range(5):
    send("eth0", udp("10.0.0.2", "10.0.1.2", sport=100 + number))
send_arp("eth1", is_at("10.0.1.2", host(1, 2), "10.0.1.1", router(1)), dst=router(1), at=0.3)
