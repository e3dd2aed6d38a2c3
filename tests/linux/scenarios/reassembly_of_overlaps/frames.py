# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

def piece(ident, start, end, more):
    whole = echo(A, R, ident=ident, data=100)
    return ip(A, R, whole[20 + start:20 + end], ICMP, id=500 + ident, mf=more, offset=start)
for ident, cuts in enumerate((
        [(0, 40, True), (32, 80, True), (80, 108, False)],    # begins inside the one before
        [(0, 40, True), (80, 108, False), (40, 88, True)],    # ends inside the one behind
        [(0, 40, True), (8, 24, True), (40, 108, False)],     # inside another
        [(8, 24, True), (0, 40, True), (40, 108, False)],     # around another
        [(0, 48, True), (0, 40, True), (48, 108, False)],     # the same start, shorter
        [(0, 40, True), (40, 108, False), (48, 108, False)],  # two last ones
)):
    for start, end, more in cuts:
        send("eth0", piece(ident, start, end, more))
    for start, end, more in ((0, 40, True), (40, 80, True), (80, 108, False)):
        send("eth0", piece(ident, start, end, more))  # what comes after the datagram was given up begins a new one
