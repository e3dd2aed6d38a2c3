# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

for data in (552, 553, 1400):
    send("eth0", echo(A, "10.0.0.1", data=data))
    send("eth0", echo("10.0.1.2", "10.0.0.1", data=data))
for piece in fragments(echo(A, "10.0.0.1", data=4000), 1480, 2960):
    send("eth0", piece)
