# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "192.0.2.1"))
send("eth1", echo("10.0.1.2", "192.0.2.1"))
send("eth0", echo("10.0.0.2", "192.0.2.5"))
send("eth0", udp("10.0.0.2", "192.0.2.2"))
send_arp("eth1", who_has("192.0.2.1", "10.0.1.2", host(1, 2)))
