# SPDX-License-Identifier: Apache-2.0
me = host(0, 2)
for target in ("10.0.0.1", "10.5.0.1", "10.0.1.1", "192.0.2.1"):
    send_arp("eth0", who_has(target, "10.0.0.2", me))
    send_arp("eth0", who_has(target, "10.5.0.2", me))
    send_arp("eth0", who_has(target, "192.0.2.99", me))
