# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

pieces = fragments(udp(A, R, data=100), 40, 80)
send("eth0", pieces[0])
send("eth0", pieces[1])
pieces = fragments(echo(A, R, data=1400, tos=0x08), 40, 80)
send("eth0", pieces[0])
pieces = fragments(udp(A, R, data=100), 40, 80)
send("eth0", pieces[1])  # without the first nobody is told
send("eth0", pieces[2])
pieces = fragments(echo(A, R, ident=9, data=100), 40, 80)
send("eth0", pieces[0], at=20)
send("eth0", pieces[1], at=29.5)
send("eth0", pieces[2], at=31)  # the other timers have fired, this one has not
