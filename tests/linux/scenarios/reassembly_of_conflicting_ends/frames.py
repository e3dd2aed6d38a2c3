# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

def piece(ident, start, end, more):
    whole = echo(A, R, ident=ident, data=200)
    return ip(A, R, whole[20 + start:20 + end], ICMP, id=500 + ident, mf=more, offset=start)
for ident, cuts in enumerate((
        [(80, 108, False), (112, 160, True), (0, 80, True)],
        [(80, 108, False), (80, 120, False), (0, 80, True)],
        [(80, 160, True), (80, 120, False), (0, 80, True)],
        [(0, 80, True), (80, 80, False)],
        [(0, 80, True), (80, 160, True), (160, 160, False)],
)):
    for start, end, more in cuts:
        send("eth0", piece(ident, start, end, more))
