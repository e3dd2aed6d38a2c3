# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"
OPTS = [record_route(3), record_route(2, ["192.0.2.1"]), record_route(1, ["192.0.2.1"]), timestamp(0, 3), timestamp(1, 2),
        timestamp(3, 0, ["10.0.1.1", "10.0.0.1"]), timestamp(3, 0, ["192.0.2.9", "10.0.1.1"]), ROUTER_ALERT,
        NOP + record_route(2) + timestamp(0, 1), ROUTER_ALERT + record_route(2), timestamp(0, 1, bytes(4)), timestamp(0, 1, bytes(4), overflow=15),
        record_route(3, pointer=5), record_route(3, pointer=3), bytes([7, 2, 4, 0]), bytes([68, 3, 5, 0]), bytes([148, 3, 0, 0]),
        source_route(["10.0.1.2"]), source_route(["10.0.1.2"], strict=True), source_route(["172.16.0.1"], strict=True)]
for n, options in enumerate(OPTS):
    if options[0] not in (1, 68): send("eth0", udp(A, B, options=options, ttl=1))
    if options[0] not in (1, 68): send("eth0", udp(A, "172.19.0.1", options=options, df=True, data=900))
    send("eth0", udp(A, "172.19.0.1", options=options, data=900))
    send("eth0", udp(A, "172.17.0.1", options=options)) if options[0] not in (1, 68) else None
    if options[0] not in (1, 68): send("eth0", udp(A, "10.0.0.1", options=options))
    send("eth0", echo(A, "10.0.0.1", options=options))
    if options[0] not in (1, 68): send("eth0", udp(f"198.51.100.{n}", "10.0.0.2", options=options))  # a redirect to each
