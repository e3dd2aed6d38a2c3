# SPDX-License-Identifier: Apache-2.0
A, B = "10.0.0.2", "10.0.1.2"

def bad(*bytes_of_option):
    send("eth0", udp(A, "10.0.0.1", options=bytes(bytes_of_option)))
bad(131, 2, 4, 0)
bad(131, 3, 4, 0)
bad(131, 6, 4, 10, 0, 1, 0, 0)
bad(131, 7, 3, 10, 0, 1, 2, 0)
bad(137, 7, 5, 10, 0, 1, 2, 0)
bad(*source_route(["10.0.1.2"]), *source_route(["10.0.1.2"]), 0, 0)
bad(*source_route(["10.0.1.2"]), *source_route(["10.0.1.2"], strict=True), 0, 0)
bad(*record_route(1), *record_route(1), 0, 0)
