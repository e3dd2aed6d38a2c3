# SPDX-License-Identifier: Apache-2.0
A, G = "10.0.0.2", "239.1.1.1"
send("eth0", echo(A, "10.0.0.1"))
send("eth0", echo(A, "10.0.0.1"), at=2)
for group in (G, "224.0.0.1", "239.1.1.2"):
    send("eth0", echo(A, group), dst=multicast(group)); send("eth1", echo("10.0.1.2", group), dst=multicast(group))
send("eth0", icmp(A, G, 13, 0, bytes(4), 12), dst=multicast(G)); send("eth0", fragments(echo(A, G, data=400), 200), dst=multicast(G))
send("eth0", echo("10.0.0.9", G, options=record_route(3)), dst=multicast(G))
