# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

send("eth0", udp(A, B, data=0), pad=60)
send("eth0", udp(A, B, data=1), pad=60)
send("eth0", udp(A, B, data=0) + b"\xee" * 18)
send("eth0", udp(A, B, data=100) + b"trailer")
send("eth0", udp(A, B, data=20) + bytes(1400))
send("eth0", echo(A, "10.0.0.1", data=0), pad=60)
send("eth0", echo(A, "10.0.0.1", data=3) + b"\xee" * 15)
send("eth0", echo(A, "10.0.0.1", data=200) + b"\xee" * 99)
send("eth0", tcp(A, "10.0.0.1") + b"\xee" * 6)
