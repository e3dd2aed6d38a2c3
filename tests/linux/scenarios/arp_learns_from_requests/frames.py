# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=1))
send_arp("eth1", who_has("10.0.1.1", "10.0.1.9", host(1, 9)), src=host(1, 9), at=0.1)   # answers the question that is out
send_arp("eth1", who_has("10.0.1.1", "10.0.1.8", host(1, 8)), src=host(1, 8))
send("eth0", udp("10.0.0.2", "10.0.1.8", sport=2))
send_arp("eth1", who_has("10.0.1.7", "10.0.1.6", host(1, 6)), src=host(1, 6))           # not for the router: not learnt
send("eth0", udp("10.0.0.2", "10.0.1.6", sport=3))
send_arp("eth1", is_at("10.0.1.5", host(1, 5), "10.0.1.1", router(1)), dst=router(1))   # nobody asked
send("eth0", udp("10.0.0.2", "10.0.1.5", sport=4))
