# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

now = struct.pack(">III", 12345, 0, 0)
send("eth0", echo(A, R, type=13, data=now))
send("eth0", echo(A, R, type=13, data=now, ident=7, tos=0x10))
send("eth0", echo(A, R, type=13, data=struct.pack(">III", 1, 2, 3)))
send("eth0", echo(A, R, type=13, data=now + b"more behind it"))
send("eth0", echo(A, R, type=13, data=now[:11]))
send("eth0", echo(A, R, type=13, data=b""))
send("eth0", echo(A, R, type=13, data=now, csum=1))
send("eth0", echo(A, R, type=13, code=1, data=now))
send("eth0", echo(A, "10.0.0.255", type=13, data=now), dst=BROADCAST)
send("eth0", echo(A, R, type=14, data=now))
