# SPDX-License-Identifier: Apache-2.0
send("eth1", echo("192.0.2.1", "192.0.2.0"))
send("eth0", udp("10.0.0.2", "192.0.2.1"))
send("eth0", echo("10.0.0.2", "192.0.2.0"))
send("eth1", udp("192.0.2.1", "10.0.0.2"))
send_arp("eth1", who_has("192.0.2.0", "192.0.2.1", host(1, 2)))
