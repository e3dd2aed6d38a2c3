# SPDX-License-Identifier: Apache-2.0
def claim(mac_number, at):
    send_arp("eth1", is_at("10.0.1.9", host(1, mac_number), "10.0.1.1", router(1)), dst=router(1), src=host(1, mac_number), at=at)
send_arp("eth1", who_has("10.0.1.1", "10.0.1.9", host(1, 9)), src=host(1, 9))
claim(10, 0.300)
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=1))
claim(10, 1.500)
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=2))
