# SPDX-License-Identifier: Apache-2.0
for n in range(6):
    about = udp("10.0.1.1", f"172.16.0.{n}", 4000 + n, 9, 1400)
    send("eth1", icmp("10.0.1.2", "10.0.1.1", 3, 4, struct.pack(">HH", 0, 1000), about[:528]), at=0.050 + n * 0.001)
