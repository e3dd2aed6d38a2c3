# SPDX-License-Identifier: Apache-2.0
for n in range(4):
    about = udp("10.0.0.1", "10.0.0.2", 4000 + n, 9, bytes(range(18)))
    send("eth0", icmp("10.0.0.2", "10.0.0.1", 3, 3, data=about), at=0.040 + n * 0.001)
    send("eth0", icmp("10.0.0.2", "10.0.0.1", 3, 1, data=about), at=0.080 + n * 0.001)
