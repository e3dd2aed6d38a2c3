# SPDX-License-Identifier: Apache-2.0
from itertools import permutations
A, R = "10.0.0.2", "10.0.0.1"

for ident, order in enumerate(permutations(range(3))):
    pieces = fragments(echo(A, R, ident=ident, data=100), 40, 80)
    for place in order:
        send("eth0", pieces[place])
for ident, order in enumerate(([3, 1, 2, 0], [1, 3, 0, 2], [2, 0, 3, 1], [0, 3, 2, 1]), 10):
    pieces = fragments(echo(A, R, ident=ident, data=100), 8, 16, 96)
    for place in order:
        send("eth0", pieces[place])
