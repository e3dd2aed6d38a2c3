# SPDX-License-Identifier: Apache-2.0
send("eth0", udp("10.0.0.2", "10.0.1.255", data=1200))
send("eth0", udp("10.0.0.2", "10.0.1.255", data=700))
send("eth0", udp("10.0.0.2", "10.0.1.255", data=1200, df=True))
send("eth0", udp("10.0.0.2", "10.0.1.2", data=1200))
