# SPDX-License-Identifier: Apache-2.0
me = host(0, 2)
send_arp("eth0", who_has("10.0.1.9", "10.0.0.2", me))
send_arp("eth0", who_has("10.0.1.9", "10.0.0.2", me), dst=router(0))
send_arp("eth0", who_has("10.0.0.9", "10.0.0.2", me))      # is at the same port
send_arp("eth0", who_has("172.16.0.1", "10.0.0.2", me))
send_arp("eth0", who_has("192.0.2.1", "10.0.0.2", me))     # no route
send_arp("eth0", who_has("172.17.0.1", "10.0.0.2", me))    # blackholed
send_arp("eth1", who_has("10.0.0.9", "10.0.1.2", host(1, 2)))  # not switched on there
