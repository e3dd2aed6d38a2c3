# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for ident, data in enumerate((1, 7, 8, 9, 55, 56)):
    size = 8 + data
    send("eth0", fragments(echo(A, R, ident=ident, data=data), *range(8, size, 8)))
