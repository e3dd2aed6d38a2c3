# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"
import random
rnd = random.Random(5)
def cut(ident, data=200, ends=(40, 80, 120), **h):
    return fragments(echo(A, R, ident=ident, data=data, id=ident, **h), *ends)
def piece(ident, offset, length, mf=True, src=A, dst=R, proto=ICMP, **h):
    return ip(src, dst, bytes((3 * i + ident) & 0xff for i in range(length)), proto, id=ident, mf=mf, offset=offset, **h)
# by two ports, with different header fields
p = cut(100); [send("eth%d" % (n % 2), each) for n, each in enumerate(p)]
for field in ({"tos": 0x10}, {"ttl": 3}, {"df": True}, {"reserved": True}):
    whole = echo(A, R, ident=101, data=200, id=101)
    p, q = fragments(whole, 40, 80), fragments(echo(A, R, ident=101, data=200, id=101, **field), 40, 80)
    for order in ([p[0], q[1], p[2]], [q[0], p[1], q[2]], [p[2], p[1], q[0]], [q[2], q[1], p[0]]):
        send("eth0", order)
# duplicates of each kind
for ident, order in enumerate(([0, 0, 1, 2, 3], [0, 1, 1, 2, 3], [3, 3, 2, 1, 0], [1, 2, 1, 2, 3, 0], [0, 1, 2, 3, 0, 1, 2, 3], [3, 2, 3, 1, 3, 0]), 200):
    p = cut(ident)
    send("eth0", [p[n] for n in order])
# one inside, one across, one around
e = lambda ident: fragments(echo(A, R, ident=ident, data=200, id=ident), 40, 80, 120)
for ident, (off, length, mf) in enumerate(((8, 16, True), (32, 16, True), (0, 80, True), (40, 40, True), (48, 32, True), (72, 16, True), (0, 16, True),
                                        (120, 88, False), (128, 80, False), (160, 40, False), (200, 8, True), (200, 16, True), (208, 8, False), (208, 0, False), (40, 0, True), (0, 0, True), (0, 0, False)), 300):
    p = e(ident)
    for before in (1, 3, 4):
        i = ident * 10 + before
        p = fragments(echo(A, R, ident=i, data=200, id=i), 40, 80, 120)
        send("eth0", p[:before] + [piece(i, off, length, mf)] + p[before:])
# odd lengths in the middle
for ident, length in enumerate((1, 7, 9, 15, 39, 41, 47), 500):
    p = e(ident)
    send("eth0", [p[0], piece(ident, 40, length), p[1], p[2], p[3]])
# the end first, the end moves
for ident, (end1, end2) in enumerate(((96, 104), (104, 96), (96, 96)), 600):
    send("eth0", [piece(ident, 40, end1 - 40, False), piece(ident, 40, end2 - 40, False), piece(ident, 0, 40)])
# large offsets
for ident, (off, length) in enumerate(((65528, 7), (65528, 8), (65512, 3), (65504, 11), (65480, 35), (65480, 36)), 700):
    send("eth0", [piece(ident, off, length, False), piece(ident, 0, 8)])
# options in later fragments
p = fragments(echo(A, R, ident=800, data=200, id=800), 40)
for opt in (record_route(2), NOP * 4, ROUTER_ALERT, bytes([7, 2, 4, 0])):
    q = piece(800, 40, 168, False, options=opt)
    send("eth0", [q, p[0]])
    send("eth0", [piece(801, 0, 40, options=opt), piece(801, 40, 9, False)])
# UDP and unknown protocols in pieces, wrong sums
u = udp(A, R, data=100, id=900)
send("eth0", fragments(u, 8, 40)[::-1])
send("eth0", fragments(udp(A, R, data=100, id=901, csum=1), 8, 40))
send("eth0", fragments(udp(A, R, data=100, id=902, csum=0), 8, 40))
send("eth0", fragments(ip(A, R, 100, 99, id=903), 8, 40))
send("eth0", fragments(tcp(A, R, data=100, id=904), 8, 40))
send("eth0", fragments(tcp(A, R, data=100, id=905, csum=7), 8, 40))
send("eth0", fragments(udp(A, "10.0.0.255", data=100, id=906), 8, 40))
send("eth0", fragments(udp(A, "10.0.0.255", data=100, id=907), 8, 40), dst=BROADCAST)
send("eth0", fragments(echo(A, "10.0.0.255", data=100, id=908), 8, 40), dst=BROADCAST)
send("eth0", fragments(udp(A, R, data=100, id=909), 8, 40), dst=BROADCAST)
