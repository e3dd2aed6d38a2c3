# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.0.1", 4000, 7, b"hello"))
send("eth0", udp("10.0.0.2", "10.0.1.1", 4000, 7, b"by the other address"))
send("eth1", udp("10.0.1.2", "10.0.0.1", 4001, 4007, b"x"))
send("eth0", udp("10.0.0.2", "10.0.0.1", 4000, 9, b"nothing comes back"))
send("eth0", udp("10.0.0.2", "10.0.0.1", 4000, 10, b"closed"))
send("eth0", fragments(udp("10.0.0.2", "10.0.0.1", 4002, 7, 3000), 1480, 2960))
