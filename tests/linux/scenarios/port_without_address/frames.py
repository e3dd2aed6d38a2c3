# SPDX-License-Identifier: Apache-2.0
send("eth1", udp("10.0.1.2", "10.0.0.2"))
send("eth1", echo("10.0.1.2", "10.0.0.1"))
send("eth0", udp("10.0.0.2", "192.0.2.7"))
