# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.1.1"))
send("eth0", udp("10.0.0.2", "10.0.1.1"))
send("eth0", tcp("10.0.0.2", "10.0.1.1"))
send_arp("eth0", who_has("10.0.1.1", "10.0.0.2", host(0, 2)))
send("eth1", echo("10.0.0.2", "10.0.0.1"))  # in by eth1, the answer by eth0
