# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.9"))
send("eth0", udp("10.0.0.3", "10.0.1.9"), at=0.7)
