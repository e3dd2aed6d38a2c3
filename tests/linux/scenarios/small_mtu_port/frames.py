# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth1", udp(B, A, data=500))
send("eth1", udp(B, A, data=500, ttl=1))
send("eth0", udp(A, B, data=1400))
send("eth0", udp(A, B, data=1400, df=True))
send("eth1", udp(B, "10.0.1.1", data=500))
