# SPDX-License-Identifier: Apache-2.0
send_arp("eth1", who_has("10.0.1.9", "10.0.1.9", host(1, 9)), src=host(1, 9))
send("eth0", udp("10.0.0.2", "10.0.1.9"))
send_arp("eth1", is_at("10.0.1.8", host(1, 8), "10.0.1.8", BROADCAST), src=host(1, 8))
send("eth0", udp("10.0.0.2", "10.0.1.8"))
send_arp("eth1", is_at("10.9.1.8", host(1, 8), "10.9.1.8", BROADCAST), src=host(1, 8))
