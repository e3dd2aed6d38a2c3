# SPDX-License-Identifier: Apache-2.0
send("eth0", icmp("10.0.0.2", "10.0.0.1", 42, 0, struct.pack(">HBB", 1, 1, 1), struct.pack(">BBHHBB", 0x20, 0, 0, 8, 3, 1) + b"eth0"))
send("eth0", icmp("10.0.0.2", "10.0.1.2", 42, 0, struct.pack(">HBB", 1, 1, 1), struct.pack(">BBHHBB", 0x20, 0, 0, 8, 3, 1) + b"eth0"))
send("eth0", icmp("10.0.0.2", "10.0.1.9", 42, 0, struct.pack(">HBB", 1, 1, 1), ttl=1))
