# SPDX-License-Identifier: Apache-2.0
A, R = "10.0.0.2", "10.0.0.1"

for ident, order in enumerate(([0, 0, 1, 2], [0, 1, 1, 2], [2, 2, 1, 0], [0, 2, 0, 2, 1], [0, 1, 2, 2, 0], [0, 1, 2, 0, 1, 2])):
    pieces = fragments(echo(A, R, ident=ident, data=100), 40, 80)
    for place in order:
        send("eth0", pieces[place])
