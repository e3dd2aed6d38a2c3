# SPDX-License-Identifier: Apache-2.0
for second in range(16, 26):
    send("eth0", udp("10.0.0.2", f"172.{second}.0.9"))
    send("eth0", echo("10.0.0.2", f"172.{second}.0.9", seq=second))
send("eth0", udp("10.0.0.2", "172.20.0.9", data=800))
send("eth0", udp("10.0.0.2", "172.20.0.9", data=800, df=True))
