# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("172.31.0.2", "10.0.1.2", ttl=1))
send("eth0", udp("172.31.0.2", "10.0.5.5"))
