# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

send("eth0", fragments(udp(A, R, data=100), 48))
send("eth0", fragments(udp(A, R, data=2500), 1480))
send("eth0", fragments(tcp(A, R, data=100), 48))
send("eth0", fragments(ip(A, R, 100, 253), 48))
send("eth0", fragments(udp(A, R, data=100, csum=0x1234), 48))
send("eth0", fragments(udp(A, "10.0.0.255", data=100), 48), dst=BROADCAST)
