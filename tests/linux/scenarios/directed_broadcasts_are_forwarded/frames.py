# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.255"))
send("eth0", echo("10.0.0.2", "10.0.1.255"))
send("eth0", udp("10.0.0.2", "10.0.0.255"), dst=BROADCAST)
send("eth0", udp("10.0.0.2", "10.0.1.255", ttl=1))
send("eth1", udp("10.0.1.2", "10.0.0.255"))
