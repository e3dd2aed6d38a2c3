# SPDX-License-Identifier: Apache-2.0
A, B, R = "10.0.0.2", "10.0.1.2", "10.0.0.1"

send("eth0", echo(A, R, options=timestamp(0, 4)))
send("eth0", echo(A, R, options=timestamp(1, 4)))
send("eth0", echo(A, R, options=timestamp(3, 2, [R, A])))
send("eth0", echo(A, R, options=timestamp(3, 2, ["192.0.2.1"])))
