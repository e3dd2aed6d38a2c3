# SPDX-License-Identifier: Apache-2.0
me = host(0, 2)
whole = who_has("10.0.0.1", "10.0.0.2", me)
for length in (0, 7, 8, 20, 27):
    send_arp("eth0", whole[:length])
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me, hardware=6))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me, hardware=15))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me, protocol=0x86dd))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me, sizes=(8, 4)))
send_arp("eth0", who_has("10.0.0.1", "10.0.0.2", me, sizes=(6, 16)))
for operation in (0, 3, 4, 8, 9, 256):
    send_arp("eth0", arp(operation, me, "10.0.0.2", "10.0.0.1"))
send_arp("eth0", whole, dst=host(0, 9))
send_arp("eth0", whole + b"trailer")
