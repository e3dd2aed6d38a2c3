# SPDX-License-Identifier: Apache-2.0
send_arp("eth1", who_has("10.0.1.1", "10.0.1.9", host(1, 9)), src=host(1, 9))
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=1))
send_arp("eth1", who_has("10.0.1.9", "10.0.1.9", host(1, 10)), src=host(1, 10), at=0.2)
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=2))
send_arp("eth1", who_has("10.0.1.9", "10.0.1.9", host(1, 10)), src=host(1, 10), at=1.5)   # as a request
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=3))
send_arp("eth1", is_at("10.0.1.9", host(1, 11), "10.0.1.9", host(1, 11)), src=host(1, 11), at=3.0)  # as a reply
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=4))
send_arp("eth1", who_has("10.0.1.8", "10.0.1.8", host(1, 8)), src=host(1, 8))             # not known: not learnt
send("eth0", udp("10.0.0.2", "10.0.1.8", sport=5))
