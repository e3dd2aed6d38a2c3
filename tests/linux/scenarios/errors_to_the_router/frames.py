# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

quoted = udp(R, A)
for kind, code in ((3, 0), (3, 1), (3, 2), (3, 3), (3, 4), (3, 5), (3, 13), (3, 16), (4, 0), (11, 0), (11, 1), (12, 0), (12, 1)):
    send("eth0", icmp(A, R, kind, code, data=quoted))
send("eth0", icmp(A, R, 3, 3, data=quoted[:19]))
send("eth0", icmp(A, R, 3, 3, data=udp(A, "10.9.9.9")))
send("eth0", icmp(A, R, 3, 3, data=quoted, csum=1))
send("eth0", icmp(A, R, 3, 3, data=echo(R, A)))
send("eth0", icmp(A, R, 3, 3, data=tcp(R, A)))
send("eth0", echo(A, R, type=0))
send("eth0", icmp(A, R, 41))
send("eth0", icmp(A, R, 3, 3, data=quoted), dst=BROADCAST)
