# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "172.16.0.1"))
send("eth0", udp("10.5.0.2", "172.16.0.1"))
send("eth0", udp("10.5.0.2", "10.0.0.3"))
