# SPDX-License-Identifier: Apache-2.0
far = "172.16.0.9"
def redirect(gateway, sender="10.0.0.2", about=far, code=1, **more):
    send("eth0", icmp(sender, "10.0.0.1", 5, code, address(gateway), data=icmp("10.0.0.1", about, 0)[:28]), **more)
send("eth0", echo(far, "10.0.0.1", seq=1))

redirect("10.0.0.3")
send("eth0", echo(far, "10.0.0.1", seq=2))
send("eth0", echo("172.16.0.8", "10.0.0.1", seq=3))  # another destination
