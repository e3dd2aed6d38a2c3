# SPDX-License-Identifier: Apache-2.0
send("eth0", echo("10.0.0.2", "10.0.0.1", ident=1, seq=1, data=bytes(range(56)), type=0), at=0.030)
send("eth0", echo("10.0.0.2", "10.0.0.1"), at=0.1)
