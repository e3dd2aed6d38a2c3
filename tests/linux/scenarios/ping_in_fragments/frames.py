# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

send("eth0", fragments(echo(A, R, data=2000), 1480))
send("eth0", fragments(echo(A, R, ident=2, data=5000), 1480, 2960, 4440))
send("eth0", fragments(echo(A, R, ident=3, data=100, tos=0x10), 56))
send("eth0", fragments(echo(A, R, ident=4, data=100, csum=1), 56))
send("eth0", fragments(echo(A, R, ident=5, data=40000), *range(1480, 40008, 1480)))
send("eth0", fragments(echo(A, R, ident=6, data=65507), *range(1480, 65515, 1480)))
