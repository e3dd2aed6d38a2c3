# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.0.10"))
send("eth0", echo("10.0.0.2", "10.0.0.11"))
send("eth0", udp("10.0.0.2", "10.0.0.11"))
send("eth0", udp("10.0.0.2", "10.0.1.2", ttl=1))
send("eth0", echo("10.7.0.2", "10.7.0.1"))
send_arp("eth0", who_has("10.0.0.10", "10.0.0.2", host(0, 2)))
send("eth0", echo("10.0.0.2", "10.0.0.12"))
