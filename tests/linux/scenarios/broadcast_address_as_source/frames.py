# SPDX-License-Identifier: Apache-2.0
for source in ("10.0.0.255", "10.0.1.255"):
    send("eth0", udp(source, "10.0.1.2"))
    send("eth0", echo(source, "10.0.0.1"))
send("eth0", udp("10.0.0.255", "10.0.1.2", ttl=1))
send("eth0", udp("10.0.0.255", "10.0.0.1"))
send("eth0", tcp("10.0.0.255", "10.0.0.1"))
