# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, data=1000, mf=True, df=True))
send("eth0", ip(A, B, 1000, UDP, df=True, offset=1480))
send("eth0", ip(A, B, 500, UDP, df=True, offset=2480))
