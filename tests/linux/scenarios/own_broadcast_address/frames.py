# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.0.127"), dst=BROADCAST)
send("eth0", echo("10.0.0.2", "10.0.0.255"), dst=BROADCAST)
send("eth1", udp("10.0.1.2", "10.0.0.127"))
