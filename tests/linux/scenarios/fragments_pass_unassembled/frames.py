# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

pieces = fragments(udp(A, B, data=4000), 1480, 2960)
send("eth0", pieces[1])
send("eth0", pieces[0])
send("eth0", pieces[2:] + [pieces[0]])
send("eth0", fragments(udp(A, B, data=100, ttl=1), 40))
send("eth0", fragments(udp(A, "172.16.0.1", data=100), 40))
