# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("172.16.0.9", "10.0.1.2", ttl=1))
send("eth0", udp("172.17.0.9", "10.0.1.2", ttl=1))
send("eth0", echo("172.16.0.9", "10.0.0.1"))  # an answer keeps the address that was asked
send("eth0", udp("10.0.0.2", "10.0.1.2", ttl=1))
