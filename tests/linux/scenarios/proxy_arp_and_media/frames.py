# SPDX-License-Identifier: Apache-2.0
for when in (0.01, 0.11, 0.21, 0.31):
    send_arp("eth0", who_has("10.0.1.9", "10.0.0.2", host(0, 2)), dst=router(0), at=when)
    send_arp("eth0", who_has("10.0.2.9", "10.0.0.2", host(0, 2)), dst=router(0))
    send_arp("eth2", who_has("10.0.0.9", "10.0.2.2", host(2, 2)), dst=router(2))
