# SPDX-License-Identifier: Apache-2.0
for net in (16, 17, 18):
    src = f"172.{net}.0.1"
    send("eth1", echo(src, "10.0.1.1")); send("eth1", udp(src, "10.0.1.1")); send("eth1", tcp(src, "10.0.1.1"))
    send("eth1", udp(src, "10.0.0.2", ttl=1)); send("eth0", udp("10.0.0.2", src, ttl=64)); send("eth1", icmp(src, "10.0.1.1", 13, 0, bytes(4), 12))
send("eth0", echo("10.0.0.2", "10.0.0.1")); send("eth0", tcp("10.0.0.2", "10.0.0.1"))
