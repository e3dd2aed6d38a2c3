# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.2"))
send("eth0", udp("10.0.2.9", "10.0.1.2"))      # its network is at eth2
send("eth0", udp("172.16.1.1", "10.0.1.2"))    # its route goes by eth2
send("eth0", udp("192.0.2.1", "10.0.1.2"))     # no route at all
send("eth0", udp("172.17.1.1", "10.0.1.2"))    # blackholed
send("eth2", udp("172.16.1.1", "10.0.1.2"))
send("eth0", echo("10.0.2.9", "10.0.0.1"))
send("eth1", udp("10.0.2.9", "10.0.0.2"))
send("eth0", udp("192.0.2.1", "10.0.0.255"), dst=BROADCAST)
