# SPDX-License-Identifier: Apache-2.0
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", host(0, 2)))
send_arp("eth0", who_has("10.0.1.1", "10.0.0.2", host(0, 2)))
send_arp("eth1", who_has("10.0.0.1", "10.0.0.2", host(1, 9)))
send_arp("eth1", who_has("10.0.1.1", "10.0.0.2", host(1, 9)))
send_arp("eth1", who_has("10.0.1.1", "192.0.2.1", host(1, 9)))
