# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B))
send_arp("eth1", is_at(B, host(1, 2), "10.0.1.1", router(1)), dst=router(1), at=2.6)
