# SPDX-License-Identifier: Apache-2.0
for last in range(10, 16):
    send("eth0", udp("10.0.0.2", f"10.0.1.{last}", sport=last))
send_arp("eth1", who_has("10.0.1.1", "10.0.1.10", host(1, 0x77)), src=host(1, 0x77), at=1.5)  # permanent: not changed
send_arp("eth1", who_has("10.0.1.1", "10.0.1.12", host(1, 0x78)), src=host(1, 0x78))          # stale: changed
send_arp("eth1", who_has("10.0.1.1", "10.0.1.13", host(1, 0x79)), src=host(1, 0x79))          # noarp: not changed
for last in (10, 12, 13):
    send("eth0", udp("10.0.0.2", f"10.0.1.{last}", sport=100 + last))
