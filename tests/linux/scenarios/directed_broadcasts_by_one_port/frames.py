# SPDX-License-Identifier: Apache-2.0
A, C = "10.0.0.2", "10.0.2.2"
for dst in ("10.0.1.255", "10.0.1.0", "10.0.2.255", "10.7.255.255", "10.7.0.0", "172.16.0.255", "10.0.0.255", "255.255.255.255"):
    send("eth0", udp(A, dst)); send("eth0", echo(A, dst)); send("eth1", udp("10.0.1.2", dst)); send("eth2", echo(C, dst))
send("eth0", udp(A, "10.0.1.255", options=record_route(3)))
send("eth0", udp(A, "10.0.1.255", ttl=1)); send("eth0", udp(A, "10.0.1.255", data=1200, df=True)); send("eth0", udp(A, "10.0.1.255", data=1200))
send("eth0", udp("192.168.9.9", "10.0.1.255")); send("eth0", udp("10.0.0.255", "10.0.1.255")); send("eth0", udp("10.0.1.9", "10.0.1.255"))
send("eth0", udp(A, "10.0.1.255"), dst=BROADCAST); send("eth0", fragments(echo(A, "10.0.1.255", data=400), 200))
