# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.2", ttl=1))
send("eth0", udp("10.5.0.9", "10.0.1.2", ttl=1))   # behind eth0's second network
send("eth1", udp("10.0.0.2", "172.16.0.1"))        # comes in by eth1, but the way back is eth0
send("eth0", udp("172.17.0.1", "10.0.1.2", ttl=1)) # a route with src
send("eth0", udp("10.0.0.2", "10.5.0.1"))          # to an address of the router: that one answers
