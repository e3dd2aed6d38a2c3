# SPDX-License-Identifier: Apache-2.0
for group in ("224.0.0.2", "224.0.1.1", "239.255.0.1"):
    send("eth0", udp("10.0.0.2", group), dst=multicast(group))
    send("eth0", udp("10.0.0.2", group, ttl=1), dst=multicast(group))
    send("eth0", udp("10.0.0.2", group))
