# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"
UDPLITE, PIM = 136, 103


def lite(src, dst, coverage, data=20, csum=None, **header):
    """RFC 3828 3.1"""
    data = pattern(data)
    head = struct.pack(">HHHH", 1111, 2222, coverage, 0)
    whole = head + data
    if csum is None:
        covered = whole[:coverage or len(whole)]
        csum = checksum(address(src) + address(dst) + struct.pack(">BBH", 0, UDPLITE, len(whole)) + covered) or 0xffff
    return ip(src, dst, head[:6] + struct.pack(">H", csum) + data, UDPLITE, **header)


for coverage in (0, 1, 7, 8, 9, 20, 27, 28, 29, 65535):
    send("eth0", lite(A, R, coverage))
    send("eth0", lite(A, R, coverage, csum=0))
    send("eth0", lite(A, R, coverage, csum=0x1234))
for data in (0, 1, 1472 - 20):
    send("eth0", lite(A, R, 8, data))
    send("eth0", lite(A, R, 0, data))
send("eth0", fragments(lite(A, R, 0, 100), 40, 80))
send("eth0", ip(A, R, 7, UDPLITE))
for dst in ("10.0.0.255", "224.0.0.1", "255.255.255.255"):
    for coverage in (0, 7, 8):
        send("eth0", lite(A, dst, coverage), dst=BROADCAST)
for dst in (R, "224.0.0.1"):
    for size in (0, 8, 40):
        send("eth0", ip(A, dst, size, PIM))
send("eth0", icmp(A, R, 3, 3, data=lite(R, A, 0)))
send("eth0", icmp(A, R, 3, 2, data=ip(R, A, 20, PIM)))
