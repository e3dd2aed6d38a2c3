# SPDX-License-Identifier: Apache-2.0
A = "10.0.0.2"
for dst in ("10.0.0.1", "10.0.0.9", "10.99.0.1", "10.98.7.7", "10.0.1.1", "10.0.0.255", "10.0.0.0", "255.255.255.255", "224.0.0.1", "127.0.0.1"):
    for n, size in enumerate((0, 1, 3, 56, 511)):
        send("eth0", echo(A, dst, ident=n, data=size))
    send("eth0", echo(A, dst, ident=5), dst=BROADCAST)
    send("eth0", echo(A, dst, ident=6, code=3))
    send("eth0", echo(A, dst, ident=7, ttl=1))
    send("eth0", echo(A, dst, ident=8, ttl=0))
    send("eth0", echo(A, dst, ident=9, csum=0x1234))
    send("eth0", echo(A, dst, ident=10, df=True, tos=0xfe))
    send("eth0", echo(A, dst, ident=11, reserved=True))
    send("eth0", icmp(A, dst, 8, rest=b""))
    send("eth0", icmp(A, dst, 8, rest=b"ab"))
    send("eth0", icmp(A, dst, 13, rest=b"\0\0\0\1", data=12))
    send("eth0", icmp(A, dst, 13, rest=b"\0\0\0\1", data=11))
    send("eth0", icmp(A, dst, 13, rest=b"\0\0\0\1", data=30))
    send("eth0", icmp(A, dst, 17, rest=b"\0\0\0\1", data=4))
    for opt in (record_route(9), record_route(3, ["1.2.3.4"]), timestamp(0, 4), timestamp(1, 4), timestamp(3, 0, ["10.0.0.1", "10.0.1.1"]), ROUTER_ALERT, NOP * 3, source_route(["10.0.1.1"]), source_route(["10.0.0.1"], pointer=8), source_route(["10.0.0.5"], pointer=8, strict=True), bytes([136, 4, 1, 2]), bytes([130, 11]) + bytes(9)):
        send("eth0", echo(A, dst, ident=12, options=opt))
for net in (16, 17, 18):
    for size in (600, 700, 701, 772, 773, 900, 1400, 1460):
        send("eth1", echo(f"172.{net}.0.5", "10.0.1.1", ident=net, data=size))
        send("eth1", echo(f"172.{net}.0.5", "10.0.1.1", ident=net, data=size, df=True))
        send("eth1", echo(f"172.{net}.0.5", "10.98.0.1", ident=net, data=size, options=record_route(2)))
    for size in (1600, 3000, 9000, 20000):
        big = echo(f"172.{net}.0.5", "10.0.1.1", ident=net, data=size)
        send("eth1", fragments(big, *range(1480, size, 1480)))
        send("eth1", fragments(big, *range(1400, size, 1400))[::-1])
big = echo("10.0.0.2", "10.0.0.1", ident=21, data=40000)
send("eth0", fragments(big, *range(1480, 40000, 1480)))
