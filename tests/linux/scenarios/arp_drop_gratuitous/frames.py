# SPDX-License-Identifier: Apache-2.0
send_arp("eth1", who_has("10.0.1.1", "10.0.1.9", host(1, 9)), src=host(1, 9))
send_arp("eth1", who_has("10.0.1.9", "10.0.1.9", host(1, 10)), src=host(1, 10), at=1.5)
send("eth0", udp("10.0.0.2", "10.0.1.9", sport=3))
