# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

def piece(ident, start, end, more):
    whole = echo(A, R, ident=ident, data=100)
    return ip(A, R, whole[20 + start:20 + end], ICMP, id=500 + ident, mf=more, offset=start)
for start, end, more in ((0, 43, True), (40, 85, True), (80, 108, False)):
    send("eth0", piece(1, start, end, more))
send("eth0", piece(2, 0, 7, True))
send("eth0", piece(2, 0, 40, True))
send("eth0", piece(2, 40, 108, False))
