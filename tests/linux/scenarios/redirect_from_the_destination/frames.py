# SPDX-License-Identifier: Apache-2.0
A, B, R, G = "10.0.0.2", "10.0.0.3", "10.0.0.1", "10.0.0.4"


def redirect(host, gateway, code=1):
    send("eth0", icmp(host, R, 5, code, address(gateway), echo(R, host, type=0)), src=host_of(host))


def host_of(address):
    return host(0, int(address.rsplit(".", 1)[1]))


def ping(src):
    send("eth0", echo(src, R, data=700), src=host_of(src))


for each in (A, B):
    redirect(each, G)
    ping(each)
send("eth0", icmp(A, R, 3, 4, struct.pack(">HH", 0, 600), echo(R, A, type=0)))
for each in (A, B):
    ping(each)
    redirect(each, each)
    ping(each)
    redirect(each, "10.0.1.9")
    ping(each)
    redirect(each, G)
    ping(each)
    redirect(each, "10.0.0.9")  # they may not go on redirecting: now G is the gateway
    ping(each)
redirect(G, "10.0.0.9")
ping(A)
