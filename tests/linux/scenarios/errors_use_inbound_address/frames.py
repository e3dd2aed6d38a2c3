# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.2", ttl=1))
send("eth1", udp("10.0.0.2", "172.16.0.1"))
send("eth1", udp("10.0.0.2", "10.0.0.3", ttl=1))
send("eth0", udp("10.0.1.2", "10.0.1.3", ttl=1))
send("eth0", udp("10.0.0.2", "10.0.1.1"))
