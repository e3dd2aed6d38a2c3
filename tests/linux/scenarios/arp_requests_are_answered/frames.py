# SPDX-License-Identifier: Apache-2.0
me = host(0, 2)
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me), dst=router(0))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me, target_mac="ff:ff:ff:ff:ff:ff"))
send_arp("eth0", who_has("10.0.0.9", "10.0.0.2", me))
send_arp("eth0", who_has("10.0.1.2", "10.0.0.2", me))
send_arp("eth0", who_has("10.0.0.255", "10.0.0.2", me))
send_arp("eth0", who_has("127.0.0.1", "10.0.0.2", me))
send_arp("eth0", who_has("224.0.0.1", "10.0.0.2", me))
send_arp("eth0", who_has("10.0.0.1", "192.0.2.7", host(0, 7)))   # a sender of another network
send_arp("eth0", who_has("10.0.0.1", "127.0.0.1", me))
send_arp("eth0", who_has("10.0.0.1", "224.0.0.1", me))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", host(0, 9)))    # a MAC that is not the frame's
send_arp("eth0", who_has("10.0.0.1", "0.0.0.0", me))             # a probe, RFC 5227
send_arp("eth0", who_has("10.0.0.9", "0.0.0.0", me))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.1", me))            # claims the router's own address
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me), dst=BROADCAST, pad=60)
