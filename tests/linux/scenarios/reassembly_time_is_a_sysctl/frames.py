# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

pieces = fragments(udp(A, R, data=100), 40, 80)
send("eth0", pieces[0])
send("eth0", pieces[1], at=1.5)
send("eth0", pieces[2], at=3)  # too late: it begins a new datagram
pieces = fragments(echo(A, R, data=100), 40, 80)
send("eth0", pieces[2], at=3.1)
send("eth0", pieces[0], at=4.0)
send("eth0", pieces[1], at=4.9)
