# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"
for dst in (B, R):
    for pad in (0, 60, 64, 100, 1514):
        for size in (19, 20, 21, 46):
            send("eth0", udp(A, dst, data=size), pad=pad)
            send("eth0", udp(A, dst, data=size)[:-1], pad=pad) if size else None
    whole = udp(A, dst, data=40)
    for cut in (46, 47, 60, 67):
        send("eth0", whole[:cut])
        send("eth0", whole[:cut], pad=60)
    for words in range(16):
        send("eth0", udp(A, dst, data=60, header=words))
        send("eth0", udp(A, dst, data=20, header=words), pad=60)
    for total in (0, 10, 19, 20, 21, 27, 28, 35, 67, 68, 69, 1000, 65535):
        send("eth0", udp(A, dst, data=40, total=total))
        send("eth0", udp(A, dst, data=40, total=total), pad=100)
        send("eth0", echo(A, dst, data=40, total=total), pad=100)
        send("eth0", tcp(A, dst, data=40, total=total), pad=100)
    for version in (0, 3, 5, 6, 15):
        send("eth0", udp(A, dst, version=version))
    for csum in (0, 0xffff, 1, 0x8000):
        send("eth0", udp(A, dst, header_csum=csum))
    for kind in (0x0800, 0x0801, 0x0806, 0x86dd, 0x8100, 0x88a8, 0x88cc, 0x0000, 46, 1500, 1536, 0xffff):
        send("eth0", udp(A, dst), type=kind)
    for vlan in (0, 1, 5, 4095, 0x2000, 0xe000, 0x1000):
        send("eth0", struct.pack(">HH", vlan, 0x0800) + udp(A, dst), type=0x8100)
        send("eth0", struct.pack(">HH", vlan, 0x0806) + who_has(R, A, host(0, 2)), type=0x8100)
        send("eth0", struct.pack(">HHHH", vlan, 0x8100, 0, 0x0800) + udp(A, dst), type=0x8100)
    for to in ("02:00:00:00:01:01", "02:00:00:00:00:02", "01:00:5e:00:00:01", "01:00:5e:7f:ff:fa", "33:33:00:00:00:01", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "01:80:c2:00:00:00"):
        send("eth0", udp(A, dst), dst=to)
        send("eth0", echo(A, dst), dst=to)
        send("eth0", udp(A, dst, ttl=1), dst=to)
        send("eth0", tcp(A, dst), dst=to)
