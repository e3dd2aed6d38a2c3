# SPDX-License-Identifier: Apache-2.0
for last in range(17):
    dst = f"172.16.{last}.7"
    for port, src in ((0, "10.0.0.2"), (0, "10.0.0.3"), (0, "10.0.0.4"), (1, "10.0.1.3"), (2, "10.0.2.3"), (3, "10.0.3.3")):
        for tos in (0, 0x04, 0x08, 0x10, 0x14):
            send(f"eth{port}", udp(src, dst, tos=tos))
for src in ("10.0.0.2", "10.0.0.3"):
    for dst in ("10.0.0.1", "10.0.1.1", "172.16.5.1"):
        for tos in (0, 0x10):
            send("eth0", echo(src, dst, tos=tos))
            send("eth0", udp(src, dst, tos=tos))
            send("eth0", udp(src, dst, tos=tos, ttl=1))
