# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for ident, ecn in enumerate(((0, 0, 0), (2, 2, 3), (1, 1, 1), (1, 2, 2), (3, 3, 3), (0, 0, 3), (0, 2, 2), (3, 1, 1))):
    whole = echo(A, R, ident=ident, data=100)
    for value, (start, end) in zip(ecn, ((0, 40), (40, 80), (80, 108))):
        send("eth0", ip(A, R, whole[20 + start:20 + end], ICMP, id=500 + ident, tos=value, mf=end != 108, offset=start))
