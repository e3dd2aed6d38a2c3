# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

first = fragments(echo(A, R, ident=1, data=100, id=7), 40, 80)
second = fragments(echo("10.0.0.3", R, ident=2, data=100, id=7), 40, 80)
third = fragments(echo(A, "10.0.1.1", ident=3, data=100, id=7), 40, 80)
fourth = fragments(echo(A, R, ident=4, data=100, id=8), 40, 80)
fifth = fragments(udp(A, R, data=100, id=7), 40, 80)
for place in (0, 2, 1):
    for pieces in (first, second, third, fourth, fifth):
        send("eth0", pieces[place])
# Fragments of one datagram may come in by different ports.
pieces = fragments(echo(A, R, ident=6, data=100), 40, 80)
send("eth0", pieces[0])
send("eth1", pieces[1])
send("eth0", pieces[2])
