# SPDX-License-Identifier: Apache-2.0
for port, sizes in ((0, (68, 69, 96, 97, 144)), (1, (549, 550, 1101, 1102, 1109)), (2, (975, 976, 1400))):
    for data in sizes:
        packet = echo(f"10.0.{port}.2", f"10.0.{port}.1", data=data, ident=data)
        mtu = (68, 577, 1003)[port]
        size = (mtu - 20) & ~7
        send(f"eth{port}", fragments(packet, *range(size, data + 8, size)))
send("eth1", udp("10.0.1.2", "10.0.1.1", data=540))
send("eth0", fragments(udp("10.0.0.2", "10.0.0.1", data=100), 48, 96))
