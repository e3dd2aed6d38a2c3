# SPDX-License-Identifier: Apache-2.0
send_arp("eth1", who_has("10.0.1.1", "10.0.1.9", host(1, 9)), src=host(1, 9))
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=1))
send("eth0", udp("10.0.0.2", "10.0.1.2", sport=1))
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=2), at=1.0)
send("eth0", udp("10.0.0.2", "10.0.1.2", sport=2))
