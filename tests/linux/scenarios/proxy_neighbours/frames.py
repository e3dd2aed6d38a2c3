# SPDX-License-Identifier: Apache-2.0
for target in ("10.0.0.9", "10.0.0.10", "192.0.2.1"):
    send_arp("eth0", who_has(target, "10.0.0.2", host(0, 2)))
    send_arp("eth0", who_has(target, "10.0.0.2", host(0, 2)), dst=router(0))
