# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "192.0.2.1"))
send("eth3", udp("10.0.3.2", "192.0.2.1"))
send("eth3", udp("10.0.0.2", "192.0.2.1"))
send("eth3", echo("192.0.2.77", "10.0.3.1"))  # the answer comes from lo
send("eth0", echo("192.0.2.77", "10.0.0.1"))
