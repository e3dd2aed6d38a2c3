# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"
def piece(ident, offset, length, mf=True, src=A, dst=R, proto=UDP, **h):
    return ip(src, dst, bytes((3 * i + ident) & 0xff for i in range(length)), proto, id=ident, mf=mf, offset=offset, **h)
n = 0
def one(*pieces, **f):
    global n
    send("eth0", list(pieces), at=0.01 + 0.11 * n, **f)
    n += 1
one(piece(1, 0, 80))
one(piece(2, 80, 80))
one(piece(3, 80, 80), piece(3, 0, 40))
one(piece(4, 0, 80, options=record_route(3)))
one(piece(5, 0, 80, tos=0x1c))
one(piece(6, 0, 8, proto=ICMP))
one(ip(A, R, bytes([8, 0, 0, 0]) + bytes(76), ICMP, id=7, mf=True))
one(ip(A, R, bytes([3, 1, 0, 0]) + bytes(76), ICMP, id=8, mf=True))
one(ip(A, R, bytes([0, 0, 0, 0]) + bytes(76), ICMP, id=9, mf=True))
one(piece(10, 0, 1400))
one(piece(11, 0, 1400), piece(11, 1400, 800), piece(11, 2208, 8, False))
one(piece(12, 0, 80, src="192.168.3.4"))
one(piece(13, 0, 80, src="172.16.3.4"))
one(piece(14, 0, 80), dst=BROADCAST)
one(piece(15, 0, 80, dst="10.0.0.255"))
one(piece(16, 0, 80, dst="10.0.1.1"))
one(piece(17, 0, 80), piece(17, 80, 80), piece(17, 160, 80))
one(piece(18, 0, 80), piece(18, 40, 80))     # overlap kills it
one(piece(19, 0, 80), piece(19, 40, 80), piece(19, 0, 80))
one(piece(20, 0, 80), piece(20, 0, 80))
one(piece(21, 0, 80, df=True))
one(piece(22, 0, 80, src="10.0.0.9"))   # must be asked for
one(piece(23, 0, 80, ttl=1))
one(piece(24, 0, 81))
one(piece(25, 0, 7))
one(piece(25, 0, 0))
one(ip(A, R, bytes([13, 0, 0, 0]) + bytes(76), ICMP, id=26, mf=True))
one(ip(A, R, bytes([99, 0, 0, 0]) + bytes(76), ICMP, id=27, mf=True))
