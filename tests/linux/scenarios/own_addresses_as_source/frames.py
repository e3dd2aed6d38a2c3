# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.1.1", "10.0.1.2"))
send("eth0", udp("10.0.0.1", "10.0.1.2"))
send("eth1", udp("10.0.0.1", "10.0.0.2"))
