# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

ETHER_VLAN, ETHER_SERVICE_VLAN = 0x8100, 0x88a8
def tagged(tag, packet, inner=b"\x08\x00"):
    return tag.to_bytes(2, "big") + inner + packet
for tag in (1, 100, 4094, 0xe064):
    send("eth0", tagged(tag, udp(A, B)), type=ETHER_VLAN)
    send("eth0", tagged(tag, echo(A, "10.0.0.1")), type=ETHER_VLAN)
send("eth0", tagged(100, who_has("10.0.0.1", A, host(0, 2)), b"\x08\x06"), type=ETHER_VLAN, dst=BROADCAST)
send("eth0", tagged(100, udp(A, B)), type=ETHER_SERVICE_VLAN)
for tag in (0, 0xa000):
    send("eth0", tagged(tag, udp(A, B)), type=ETHER_VLAN)
    send("eth0", tagged(tag, echo(A, "10.0.0.1")), type=ETHER_VLAN)
send("eth0", tagged(0, who_has("10.0.0.1", A, host(0, 2)), b"\x08\x06"), type=ETHER_VLAN, dst=BROADCAST)
