# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

def piece(ident, start, data, more):
    return ip(A, R, data, ICMP, id=500 + ident, mf=more, offset=start)
send("eth0", piece(0, 0, 1480, True))
send("eth0", piece(0, 65520, 24, False))
send("eth0", piece(1, 65528, 8, False))
send("eth0", piece(2, 65520, 16, True))
pieces = fragments(echo(A, R, ident=5, data=9000), *range(1480, 9008, 1480))
send("eth0", pieces)
