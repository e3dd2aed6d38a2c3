# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.9"))
send("eth0", echo("10.0.1.77", "10.0.0.1"))   # the answer has the source 10.0.0.1, and its next hop is at eth1
send("eth1", udp("10.5.1.77", "172.16.0.1"))
