# SPDX-License-Identifier: Apache-2.0
for port in range(4):
    for net in range(16, 27):
        for tos in (0, 0x10):
            send(f"eth{port}", udp(f"172.{net}.1.2", "10.0.2.3", tos=tos))
        send(f"eth{port}", echo(f"172.{net}.1.2", f"10.0.{port}.1"))
        send_arp(f"eth{port}", who_has(f"10.0.{port}.1", f"172.{net}.1.2", host(port, 9)))
    for src in ("0.0.0.0", "255.255.255.255", "10.0.0.255", "10.0.1.0", "10.0.2.1", "127.0.0.1", "224.0.0.1", "240.0.0.1", "10.0.2.3", "10.0.0.3", "10.0.3.3", "0.1.2.3"):
        send(f"eth{port}", udp(src, "10.0.2.3"))
        send(f"eth{port}", echo(src, f"10.0.{port}.1"))
        send(f"eth{port}", udp(src, "255.255.255.255"), dst=BROADCAST)
