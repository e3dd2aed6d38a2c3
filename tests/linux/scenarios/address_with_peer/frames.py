# SPDX-License-Identifier: Apache-2.0
send("eth1", echo("192.0.2.9", "192.0.2.1"))
send("eth0", udp("10.0.0.2", "192.0.2.9"))
send("eth0", udp("10.0.0.2", "192.0.2.2"))
send("eth0", udp("10.0.0.2", "192.0.2.9", ttl=1))
send("eth0", udp("10.0.0.2", "172.16.0.1"))
