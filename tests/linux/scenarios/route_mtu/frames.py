# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for to in ("172.16.1.1", "172.16.2.1", "172.16.3.1"):
    send("eth0", udp(A, to, data=972))
    send("eth0", udp(A, to, data=973))
    send("eth0", udp(A, to, data=973, df=True))
    send("eth0", udp(A, to, data=1400))
