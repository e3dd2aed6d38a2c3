# SPDX-License-Identifier: Apache-2.0
for source in ("10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.7", "10.0.0.8"):
    send("eth0", udp(source, "192.0.2.1"))
send("eth0", udp("10.0.0.4", "10.0.1.3"))  # table 200 has a default route: it goes before the networks of main
